import Engine

/// Word vectors and encoders: training, and the lab.
let wordCommands: [Command] = [
  Command(
    "words.models", "Word lab…",
    "Lists word vectors and encoders: Enter looks for neighbours, analogies and meanings; n trains new ones.",
    keys: ["M"], group: .analyse, menu: .model
  ) { state in
    state.overlays.append(TextModelsOverlay(state))
    return []
  },
  Command(
    "words.train", "Train word vectors…",
    "Learns vectors of words, or a classifier of texts, from a column of texts or a file of lines.",
    group: .analyse, menu: .model
  ) { state in
    state.overlays.append(WordTrainingOverlay(state))
    return []
  },
  Command(
    "words.watch", "Watch the training of words",
    "Shows how far the newest training of word vectors is, or how it went.", group: .analyse, menu: .model,
    availability: { state in
      state.words.trainings.isEmpty ? .disabled("no word vectors were trained in this session") : .enabled
    }
  ) { state in
    if let training = state.words.trainings.first { state.overlays.append(WordWatchOverlay(training.folder)) }
    return []
  },
]
