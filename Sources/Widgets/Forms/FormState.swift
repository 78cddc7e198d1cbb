// A form as a value: fields in order, which has the focus, and what has been entered.

import Grid

/// What a key or click did to a form.
public enum FormEvent: Sendable, Equatable {
  /// Not for the form.
  case ignored
  /// The form moved or opened something; no value changed.
  case handled
  /// A field's value changed.
  case changed(String)
  /// A button was pressed.
  case pressed(String)
  /// `^R` in any field, or Enter on the last field of a form without buttons.
  case submitted
  case cancelled
  /// F2: the field's paragraph is wanted.
  case explain(String)
}

/// The fields of a form and the focus.
public struct FormState: Sendable, Equatable {
  public var fields: [FormField]
  public internal(set) var focus: Int

  /// A form with the focus on its first usable field.
  public init(_ fields: [FormField]) {
    self.fields = fields
    focus = fields.firstIndex(where: \.isFocusable) ?? 0
  }

  public var focused: FormField? { fields.indices.contains(focus) ? fields[focus] : nil }

  public func index(of id: String) -> Int? { fields.firstIndex { $0.id == id } }

  public subscript(id: String) -> FormField? { index(of: id).map { fields[$0] } }

  /// Changes a field in place; nothing where there is none of that id.
  public mutating func update(_ id: String, _ body: (inout FormField) -> Void) {
    guard let index = index(of: id) else { return }
    body(&fields[index])
    if !fields[focus].isFocusable { moveFocus(by: 1) }
  }

  public mutating func setFocus(_ id: String) {
    guard let index = index(of: id), fields[index].isFocusable else { return }
    closeLists()
    focus = index
  }

  /// Moves the focus over the usable fields, around the ends.
  public mutating func moveFocus(by delta: Int) {
    closeLists()
    let stops = fields.indices.filter { fields[$0].isFocusable }
    if stops.isEmpty { return }
    let next: Int
    if delta > 0 {
      next = stops.first { $0 > focus } ?? stops[0]
    } else {
      next = stops.last { $0 < focus } ?? stops[stops.count - 1]
    }
    focus = next
  }

  /// Whether a list of options lies over the form, so that Esc closes that first.
  public var isListOpen: Bool {
    if case .choice(let choice)? = focused?.content { return choice.isOpen }
    return false
  }

  mutating func closeLists() {
    for index in fields.indices {
      guard case .choice(var choice) = fields[index].content, choice.isOpen else { continue }
      choice.isOpen = false
      choice.filter = ""
      fields[index].content = .choice(choice)
    }
  }
}

// MARK: - Values

extension FormState {
  /// The text of a text or number field; the id of the chosen option of a choice or radio; empty where there is none.
  public func text(_ id: String) -> String {
    switch self[id]?.content {
    case .text(let state, _), .number(let state, _, _): state.text
    case .choice(let choice): choice.selected.map { choice.options[$0].id } ?? ""
    case .radio(let options, let selected): options.indices.contains(selected) ? options[selected].id : ""
    case .note(let text): text
    case .check, .checks, .picker, .buttons, nil: ""
    }
  }

  /// The number in a field; nil when it is empty or not a number.
  public func number(_ id: String) -> Double? { Double(text(id).filter { $0 != " " && $0 != "," && $0 != "_" }) }

  public func integer(_ id: String) -> Int? { number(id).flatMap { Int(exactly: $0) } }

  public func isOn(_ id: String) -> Bool {
    if case .check(let isOn, _) = self[id]?.content { return isOn }
    return false
  }

  /// The ids chosen in a picker or a row of checks, in the order of the options.
  public func chosen(_ id: String) -> [String] {
    switch self[id]?.content {
    case .picker(let picker): picker.options.map(\.id).filter { picker.chosen.contains($0) }
    case .checks(let options, let chosen, _): options.map(\.id).filter { chosen.contains($0) }
    default: []
    }
  }

  /// Replaces the text of a field, or chooses the option with that id.
  public mutating func set(_ id: String, _ value: String) {
    update(id) { field in
      switch field.content {
      case .text(_, let placeholder): field.content = .text(TextFieldState(value), placeholder: placeholder)
      case .number(_, let range, let isInteger):
        field.content = .number(TextFieldState(value), range: range, isInteger: isInteger)
      case .choice(var choice):
        choice.selected = choice.options.firstIndex { $0.id == value }
        field.content = .choice(choice)
      case .radio(let options, let selected):
        field.content = .radio(options, selected: options.firstIndex { $0.id == value } ?? selected)
      case .note: field.content = .note(value)
      case .check, .checks, .picker, .buttons: break
      }
    }
  }

  /// Replaces the options of a choice, radio or picker and keeps what is chosen where it still exists.
  public mutating func setOptions(_ id: String, _ options: [FormOption]) {
    let old = text(id)
    let oldChosen = Set(chosen(id))
    update(id) { field in
      switch field.content {
      case .choice: field.content = .choice(ChoiceState(options, selected: old))
      case .radio: field.content = .radio(options, selected: options.firstIndex { $0.id == old } ?? 0)
      case .picker(let picker):
        let kept = oldChosen.intersection(options.map(\.id))
        field.content = .picker(PickerState(options, chosen: kept, rows: picker.rows))
      case .checks:
        field.content = .checks(options, chosen: oldChosen.intersection(options.map(\.id)), cursor: 0)
      case .text, .number, .check, .note, .buttons: break
      }
    }
  }

  public mutating func setError(_ id: String, _ error: String?) { update(id) { $0.error = error } }

  /// Switches a field off with a reason, or on with nil.
  public mutating func setReason(_ id: String, _ reason: String?) { update(id) { $0.reason = reason } }

  /// Checks every number field, notes errors at the fields, and returns whether all is well. Empty number fields pass.
  public mutating func validateNumbers() -> Bool {
    var isValid = true
    for index in fields.indices {
      guard case .number(let state, let range, let isInteger) = fields[index].content, fields[index].reason == nil
      else { continue }
      fields[index].error = Self.problem(state.text, number(fields[index].id), range, isInteger)
      if fields[index].error != nil { isValid = false }
    }
    return isValid
  }

  private static func problem(
    _ text: String, _ value: Double?, _ range: ClosedRange<Double>?, _ isInteger: Bool
  ) -> String? {
    if text.allSatisfy({ $0 == " " }) { return nil }
    guard let value, value.isFinite else { return "'\(text)' is not a number" }
    if isInteger, value.rounded() != value { return "must be a whole number" }
    guard let range, !range.contains(value) else { return nil }
    func show(_ bound: Double) -> String {
      bound.rounded() == bound && abs(bound) < 1e15 ? String(Int(bound)) : String(bound)
    }
    if range.upperBound == .infinity { return "must be at least \(show(range.lowerBound))" }
    if range.lowerBound == -.infinity { return "must be at most \(show(range.upperBound))" }
    return "must be from \(show(range.lowerBound)) to \(show(range.upperBound))"
  }
}
