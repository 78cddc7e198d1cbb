// The fields of a form as values: what they hold, not how they look.

import Grid

/// One of several things to choose.
public struct FormOption: Sendable, Equatable {
  /// What the program calls it.
  public var id: String
  /// What the person reads.
  public var label: String
  /// Why it cannot be chosen now.
  public var reason: String?

  public init(_ id: String, _ label: String? = nil, reason: String? = nil) {
    self.id = id
    self.label = label ?? id
    self.reason = reason
  }
}

/// One of many options, shown in a list that opens; typing narrows the list.
public struct ChoiceState: Sendable, Equatable {
  public var options: [FormOption]
  public var selected: Int?
  public var isOpen = false
  /// The line under the cursor of the open list, among the `visible` ones.
  public var cursor = 0
  public var filter = ""

  public init(_ options: [FormOption], selected: String? = nil) {
    self.options = options
    self.selected = selected.flatMap { id in options.firstIndex { $0.id == id } }
  }

  /// The options that the filter leaves, by index.
  public var visible: [Int] { narrowed(options, by: filter) }
}

/// Any of many options, with a search line.
public struct PickerState: Sendable, Equatable {
  public var options: [FormOption]
  public var chosen: Set<String>
  public var cursor = 0
  public var search = TextFieldState()
  /// Lines of the list on screen.
  public var rows: Int

  public init(_ options: [FormOption], chosen: Set<String> = [], rows: Int = 6) {
    self.options = options
    self.chosen = chosen
    self.rows = rows
  }

  public var visible: [Int] { narrowed(options, by: search.text) }
}

/// Indices of the options whose label contains the words of a filter, whatever their case.
func narrowed(_ options: [FormOption], by filter: String) -> [Int] {
  let words = filter.lowercased().split(separator: " ")
  if words.isEmpty { return Array(options.indices) }
  return options.indices.filter { index in
    let label = options[index].label.lowercased()
    return words.allSatisfy { label.contains($0) }
  }
}

/// A field of a form.
public struct FormField: Sendable, Equatable {
  public enum Content: Sendable, Equatable {
    case text(TextFieldState, placeholder: String)
    case number(TextFieldState, range: ClosedRange<Double>?, isInteger: Bool)
    case choice(ChoiceState)
    case check(Bool, title: String)
    /// One of few options, side by side.
    case radio([FormOption], selected: Int)
    /// Any of few options, side by side.
    case checks([FormOption], chosen: Set<String>, cursor: Int)
    case picker(PickerState)
    /// Words that cannot be edited.
    case note(String)
    case buttons([FormOption], selected: Int)
  }

  public var id: String
  public var label: String
  public var content: Content
  /// What is wrong with the value.
  public var error: String?
  /// Why the field cannot be used now.
  public var reason: String?
  /// A paragraph for `F2`.
  public var help: String

  public init(_ id: String, _ label: String, _ content: Content, reason: String? = nil, help: String = "") {
    self.id = id
    self.label = label
    self.content = content
    self.reason = reason
    self.help = help
  }

  public static func text(
    _ id: String, _ label: String, _ value: String = "", placeholder: String = "", help: String = ""
  ) -> FormField { FormField(id, label, .text(TextFieldState(value), placeholder: placeholder), help: help) }

  public static func number(
    _ id: String, _ label: String, _ value: String = "", in range: ClosedRange<Double>? = nil, isInteger: Bool = false,
    help: String = ""
  ) -> FormField {
    FormField(id, label, .number(TextFieldState(value), range: range, isInteger: isInteger), help: help)
  }

  public static func choice(
    _ id: String, _ label: String, _ options: [FormOption], selected: String? = nil, help: String = ""
  ) -> FormField { FormField(id, label, .choice(ChoiceState(options, selected: selected)), help: help) }

  public static func check(_ id: String, _ label: String, _ title: String, isOn: Bool = false, help: String = "")
    -> FormField
  { FormField(id, label, .check(isOn, title: title), help: help) }

  public static func radio(
    _ id: String, _ label: String, _ options: [FormOption], selected: String? = nil, help: String = ""
  ) -> FormField {
    let index = selected.flatMap { id in options.firstIndex { $0.id == id } } ?? 0
    return FormField(id, label, .radio(options, selected: index), help: help)
  }

  public static func checks(
    _ id: String, _ label: String, _ options: [FormOption], chosen: Set<String> = [], help: String = ""
  ) -> FormField { FormField(id, label, .checks(options, chosen: chosen, cursor: 0), help: help) }

  public static func picker(
    _ id: String, _ label: String, _ options: [FormOption], chosen: Set<String> = [], rows: Int = 6, help: String = ""
  ) -> FormField { FormField(id, label, .picker(PickerState(options, chosen: chosen, rows: rows)), help: help) }

  public static func note(_ label: String, _ text: String, id: String = "") -> FormField {
    FormField(id, label, .note(text))
  }

  /// A row of buttons at the right; the first is chosen when the row gets the focus.
  public static func buttons(_ buttons: [FormOption], id: String = "buttons") -> FormField {
    FormField(id, "", .buttons(buttons, selected: 0))
  }

  /// Whether it can have the focus.
  public var isFocusable: Bool {
    if reason != nil { return false }
    if case .note = content { return false }
    return true
  }
}
