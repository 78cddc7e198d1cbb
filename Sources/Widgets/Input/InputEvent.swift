// What a terminal tells the application: keys, mouse, paste, size, and the end of the world.

import Grid

/// A mouse action on one cell.
public struct MouseEvent: Hashable, Sendable {
  public enum Button: String, Hashable, Sendable { case left, middle, right }
  public enum Wheel: String, Hashable, Sendable { case up, down, left, right }
  public enum Kind: Hashable, Sendable {
    /// A button went down; `clicks` counts quick presses on the same cell (2 is a double click).
    case press(Button, clicks: Int)
    case release(Button)
    /// The pointer moved to another cell with the button held.
    case drag(Button)
    case scroll(Wheel)
  }

  public var kind: Kind
  public var position: Point
  public var modifiers: KeyEvent.Modifiers

  public init(_ kind: Kind, at position: Point, _ modifiers: KeyEvent.Modifiers = []) {
    self.kind = kind
    self.position = position
    self.modifiers = modifiers
  }
}

/// One thing that happened.
public enum InputEvent: Hashable, Sendable {
  case key(KeyEvent)
  case mouse(MouseEvent)
  /// Text pasted in one piece; line breaks are `\n`.
  case paste(String)
  case resize(Size)
  /// The application's own wake call, or the tick it asked for.
  case wake
  /// The terminal went away (SIGHUP, end of input): save and finish, nothing can be drawn.
  case hangup
  /// SIGTERM: save and finish.
  case terminate
}
