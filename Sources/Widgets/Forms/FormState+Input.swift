// Keys and clicks on a form: Tab between fields, arrows inside them, Space toggles, Enter goes on or presses.

import Grid

extension FormState {
  /// Runs the form from whichever field one is in.
  public static let runKey = KeyEvent.control("r")

  public mutating func handle(_ key: KeyEvent) -> FormEvent {
    guard let field = focused else { return key == .escape ? .cancelled : .ignored }
    if key == KeyEvent(.function(2)) { return .explain(field.id) }
    if isListOpen, let event = handleOpenList(key) { return event }
    switch key {
    case .tab: return moved(1)
    case .backTab: return moved(-1)
    case .escape: return escape()
    case Self.runKey: return .submitted
    default: break
    }
    switch field.content {
    case .text(var state, let placeholder):
      return edit(&state, key) { .text($0, placeholder: placeholder) }
    case .number(var state, let range, let isInteger):
      return edit(&state, key) { .number($0, range: range, isInteger: isInteger) }
    case .choice(let choice): return handle(key, choice)
    case .check(let isOn, let title):
      if key == .space { return change(.check(!isOn, title: title)) }
    case .radio(let options, let selected):
      if let step = Self.step(key) { return change(.radio(options, selected: Self.next(options, selected, step))) }
      if key == .space { return change(.radio(options, selected: Self.next(options, selected, 1, wraps: true))) }
    case .checks(let options, let chosen, let cursor):
      if let event = handle(key, options, chosen, cursor) { return event }
    case .picker(let picker): if let event = handle(key, picker) { return event }
    case .buttons(let buttons, let selected): if let event = handle(key, buttons, selected) { return event }
    case .note: break
    }
    return move(key)
  }

  /// Puts pasted text into the focused field.
  public mutating func paste(_ text: String) -> FormEvent {
    guard let field = focused else { return .ignored }
    switch field.content {
    case .text(var state, let placeholder):
      state.insert(text)
      return change(.text(state, placeholder: placeholder))
    case .number(var state, let range, let isInteger):
      state.insert(text)
      return change(.number(state, range: range, isInteger: isInteger))
    case .picker(var picker):
      picker.search.insert(text)
      picker.cursor = 0
      return store(.picker(picker))
    case .choice, .check, .radio, .checks, .note, .buttons: return .ignored
    }
  }

  /// A click on something that the form drew.
  public mutating func click(_ target: HitTarget) -> FormEvent {
    switch target {
    case .field(let id):
      guard let index = index(of: id), fields[index].isFocusable else { return .ignored }
      if index != focus { setFocus(id) }
      if case .check(let isOn, let title) = fields[index].content { return change(.check(!isOn, title: title)) }
      if case .choice(let choice) = fields[index].content {
        if choice.isOpen { closeLists() } else { return open(choice) }
      }
      return .handled
    case .option(let id, let option):
      guard let index = index(of: id), fields[index].isFocusable else { return .ignored }
      if index != focus { setFocus(id) }
      return choose(option)
    default: return .ignored
    }
  }

  // MARK: Moving

  private mutating func moved(_ delta: Int) -> FormEvent {
    moveFocus(by: delta)
    return .handled
  }

  private mutating func move(_ key: KeyEvent) -> FormEvent {
    switch key {
    case .enter: fields.indices.contains { $0 > focus && fields[$0].isFocusable } ? moved(1) : .submitted
    case .down: moved(1)
    case .up: moved(-1)
    default: .ignored
    }
  }

  private mutating func escape() -> FormEvent {
    if case .picker(var picker)? = focused?.content, !picker.search.isEmpty {
      picker.search = TextFieldState()
      picker.cursor = 0
      return store(.picker(picker))
    }
    return .cancelled
  }

  // MARK: Changing

  private mutating func change(_ content: FormField.Content) -> FormEvent {
    fields[focus].content = content
    fields[focus].error = nil
    return .changed(fields[focus].id)
  }

  private mutating func store(_ content: FormField.Content) -> FormEvent {
    fields[focus].content = content
    return .handled
  }

  private mutating func edit(
    _ state: inout TextFieldState, _ key: KeyEvent, _ wrap: (TextFieldState) -> FormField.Content
  ) -> FormEvent {
    let old = state.text
    guard state.handle(key) else { return move(key) }
    return state.text == old ? store(wrap(state)) : change(wrap(state))
  }

  private static func step(_ key: KeyEvent) -> Int? {
    switch key {
    case .left, .up: -1
    case .right, .down: 1
    default: nil
    }
  }

  /// The next option that can be chosen; stays where there is none, or goes around the end.
  private static func next(_ options: [FormOption], _ from: Int, _ step: Int, wraps: Bool = false) -> Int {
    var at = from + step
    for _ in options.indices {
      if !options.indices.contains(at) {
        if !wraps { return from }
        at = step > 0 ? 0 : options.count - 1
      }
      if options[at].reason == nil { return at }
      at += step
    }
    return from
  }

  private mutating func handle(
    _ key: KeyEvent, _ options: [FormOption], _ chosen: Set<String>, _ cursor: Int
  ) -> FormEvent? {
    if let step = Self.step(key) {
      let next = cursor + step
      if options.indices.contains(next) { return store(.checks(options, chosen: chosen, cursor: next)) }
      return key == .up || key == .down ? nil : .handled
    }
    guard key == .space, options.indices.contains(cursor), options[cursor].reason == nil else { return nil }
    return change(.checks(options, chosen: chosen.symmetricDifference([options[cursor].id]), cursor: cursor))
  }

  private mutating func handle(_ key: KeyEvent, _ buttons: [FormOption], _ selected: Int) -> FormEvent? {
    switch key {
    case .left: return store(.buttons(buttons, selected: Self.next(buttons, selected, -1)))
    case .right: return store(.buttons(buttons, selected: Self.next(buttons, selected, 1)))
    case .enter, .space:
      guard buttons.indices.contains(selected), buttons[selected].reason == nil else { return .handled }
      return .pressed(buttons[selected].id)
    default: return nil
    }
  }

  private mutating func handle(_ key: KeyEvent, _ picker: PickerState) -> FormEvent? {
    var picker = picker
    let visible = picker.visible
    switch key {
    case .up where picker.cursor > 0: picker.cursor -= 1
    case .down where picker.cursor < visible.count - 1: picker.cursor += 1
    case .pageUp: picker.cursor = max(0, picker.cursor - picker.rows)
    case .pageDown: picker.cursor = max(0, min(visible.count - 1, picker.cursor + picker.rows))
    case .space:
      guard visible.indices.contains(picker.cursor) else { return .handled }
      let option = picker.options[visible[picker.cursor]]
      if option.reason != nil { return .handled }
      picker.chosen.formSymmetricDifference([option.id])
      return change(.picker(picker))
    case .control("a"):
      // All that the search shows; none of it when all of it was chosen.
      let ids = Set(visible.map { picker.options[$0] }.filter { $0.reason == nil }.map(\.id))
      if ids.isSubset(of: picker.chosen) { picker.chosen.subtract(ids) } else { picker.chosen.formUnion(ids) }
      return change(.picker(picker))
    default:
      guard picker.search.handle(key) else { return nil }
      picker.cursor = 0
    }
    return store(.picker(picker))
  }

  // MARK: Choices

  private mutating func open(_ choice: ChoiceState) -> FormEvent {
    var choice = choice
    choice.isOpen = true
    choice.filter = ""
    choice.cursor = choice.selected ?? 0
    return store(.choice(choice))
  }

  private mutating func handle(_ key: KeyEvent, _ choice: ChoiceState) -> FormEvent {
    switch key {
    case .enter, .space, .up, .down: return open(choice)
    case .left, .right:
      var choice = choice
      let next = Self.next(choice.options, choice.selected ?? -1, key == .left ? -1 : 1)
      if next < 0 || next == choice.selected { return .handled }
      choice.selected = next
      return change(.choice(choice))
    default:
      guard let typed = key.typed else { return .ignored }
      let event = open(choice)
      if case .choice(var opened)? = focused?.content {
        opened.filter = String(typed)
        opened.cursor = 0
        return store(.choice(opened))
      }
      return event
    }
  }

  /// Keys while a list is open; nil leaves them to the form.
  private mutating func handleOpenList(_ key: KeyEvent) -> FormEvent? {
    guard case .choice(var choice)? = focused?.content else { return nil }
    let count = choice.visible.count
    switch key {
    case .up: choice.cursor = max(0, choice.cursor - 1)
    case .down: choice.cursor = max(0, min(count - 1, choice.cursor + 1))
    case .pageUp: choice.cursor = max(0, choice.cursor - 8)
    case .pageDown: choice.cursor = max(0, min(count - 1, choice.cursor + 8))
    case .home: choice.cursor = 0
    case .end: choice.cursor = max(0, count - 1)
    case .backspace:
      choice.filter = String(choice.filter.dropLast())
      choice.cursor = 0
    case .escape, .left, .right:
      choice.isOpen = false
      choice.filter = ""
    case .enter, .tab:
      guard choice.visible.indices.contains(choice.cursor) else { return .handled }
      return choose(choice.visible[choice.cursor])
    default:
      guard let typed = key.typed else { return .handled }
      choice.filter.append(typed)
      choice.cursor = 0
    }
    return store(.choice(choice))
  }

  /// Chooses, toggles or presses an option of the focused field; after a choice the focus goes on.
  private mutating func choose(_ option: Int) -> FormEvent {
    switch focused?.content {
    case .choice(var choice):
      guard choice.options.indices.contains(option), choice.options[option].reason == nil else { return .handled }
      let isSame = choice.selected == option
      choice.selected = option
      choice.isOpen = false
      choice.filter = ""
      let event = isSame ? store(.choice(choice)) : change(.choice(choice))
      moveFocus(by: 1)
      return event
    case .radio(let options, _):
      guard options.indices.contains(option), options[option].reason == nil else { return .handled }
      return change(.radio(options, selected: option))
    case .checks(let options, let chosen, _):
      guard options.indices.contains(option), options[option].reason == nil else { return .handled }
      return change(.checks(options, chosen: chosen.symmetricDifference([options[option].id]), cursor: option))
    case .picker(var picker):
      guard picker.options.indices.contains(option), picker.options[option].reason == nil else { return .handled }
      picker.chosen.formSymmetricDifference([picker.options[option].id])
      picker.cursor = picker.visible.firstIndex(of: option) ?? picker.cursor
      return change(.picker(picker))
    case .buttons(let buttons, _):
      guard buttons.indices.contains(option), buttons[option].reason == nil else { return .handled }
      _ = store(.buttons(buttons, selected: option))
      return .pressed(buttons[option].id)
    case .text, .number, .check, .note, nil: return .ignored
    }
  }
}
