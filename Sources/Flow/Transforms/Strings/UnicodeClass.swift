/// Classes of characters of the Unicode Character Database 14 that regular expressions have no name for, as Python's str
/// methods draw their borders.
enum UnicodeClass {
  /// Other_Lowercase: small letters that are no letters of category Ll, such as ª and ⅳ.
  private static let otherLower =
    "\\x{AA}\\x{BA}\\x{2B0}-\\x{2B8}\\x{2C0}-\\x{2C1}\\x{2E0}-\\x{2E4}\\x{345}\\x{37A}\\x{1D2C}-\\x{1D6A}\\x{1D78}"
    + "\\x{1D9B}-\\x{1DBF}\\x{2071}\\x{207F}\\x{2090}-\\x{209C}\\x{2170}-\\x{217F}\\x{24D0}-\\x{24E9}\\x{2C7C}-\\x{2C7D}"
    + "\\x{A69C}-\\x{A69D}\\x{A770}\\x{A7F8}-\\x{A7F9}\\x{AB5C}-\\x{AB5F}\\x{10780}\\x{10783}-\\x{10785}"
    + "\\x{10787}-\\x{107B0}\\x{107B2}-\\x{107BA}"

  /// Other_Uppercase, such as Ⅳ.
  private static let otherUpper =
    "\\x{2160}-\\x{216F}\\x{24B6}-\\x{24CF}\\x{1F130}-\\x{1F149}\\x{1F150}-\\x{1F169}\\x{1F170}-\\x{1F189}"

  /// Digits that are no decimal ones, such as ² and ③.
  private static let otherDigits =
    "\\x{B2}-\\x{B3}\\x{B9}\\x{1369}-\\x{1371}\\x{19DA}\\x{2070}\\x{2074}-\\x{2079}\\x{2080}-\\x{2089}"
    + "\\x{2460}-\\x{2468}\\x{2474}-\\x{247C}\\x{2488}-\\x{2490}\\x{24EA}\\x{24F5}-\\x{24FD}\\x{24FF}"
    + "\\x{2776}-\\x{277E}\\x{2780}-\\x{2788}\\x{278A}-\\x{2792}\\x{10A40}-\\x{10A43}\\x{10E60}-\\x{10E68}"
    + "\\x{11052}-\\x{1105A}\\x{1F100}-\\x{1F10A}"

  /// Letters with a numeric value, such as 三.
  private static let numeralLetters =
    "\\x{3405}\\x{3483}\\x{382A}\\x{3B4D}\\x{4E00}\\x{4E03}\\x{4E07}\\x{4E09}\\x{4E5D}\\x{4E8C}\\x{4E94}\\x{4E96}"
    + "\\x{4EBF}-\\x{4EC0}\\x{4EDF}\\x{4EE8}\\x{4F0D}\\x{4F70}\\x{5104}\\x{5146}\\x{5169}\\x{516B}\\x{516D}\\x{5341}"
    + "\\x{5343}-\\x{5345}\\x{534C}\\x{53C1}-\\x{53C4}\\x{56DB}\\x{58F1}\\x{58F9}\\x{5E7A}\\x{5EFE}-\\x{5EFF}"
    + "\\x{5F0C}-\\x{5F0E}\\x{5F10}\\x{62FE}\\x{634C}\\x{67D2}\\x{6F06}\\x{7396}\\x{767E}\\x{8086}\\x{842C}\\x{8CAE}"
    + "\\x{8CB3}\\x{8D30}\\x{9621}\\x{9646}\\x{964C}\\x{9678}\\x{96F6}\\x{F96B}\\x{F973}\\x{F978}\\x{F9B2}\\x{F9D1}"
    + "\\x{F9D3}\\x{F9FD}\\x{20001}\\x{20064}\\x{200E2}\\x{20121}\\x{2092A}\\x{20983}\\x{2098C}\\x{2099C}\\x{20AEA}"
    + "\\x{20AFD}\\x{20B19}\\x{22390}\\x{22998}\\x{23B1B}\\x{2626D}\\x{2F890}"

  private static let lowerSet = "\\p{Ll}" + otherLower
  private static let upperSet = "\\p{Lu}\\p{Lt}" + otherUpper

  static let lower = "[\(lowerSet)]"
  /// Capitals, and letters such as ǅ that have a case for titles.
  static let upper = "[\(upperSet)]"
  static let cased = "[\(lowerSet)\(upperSet)]"
  static let uncased = "[^\(lowerSet)\(upperSet)]"
  static let notUpper = "[^\(upperSet)]"
  static let notLower = "[^\(lowerSet)\\p{Lt}]"
  static let alphabetic = "\\p{L}"
  static let decimal = "\\p{Nd}"
  static let digit = "[\\p{Nd}\(otherDigits)]"
  static let numeric = "[\\p{N}\(numeralLetters)]"
  static let alphanumeric = "[\\p{L}\\p{N}]"
  static let space =
    "[\\x{9}-\\x{D}\\x{1C}-\\x{20}\\x{85}\\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}-\\x{2029}\\x{202F}\\x{205F}\\x{3000}]"

  /// The characters of `space`.
  static let whiteSpace = {
    let codes = Array(0x9...0xD) + Array(0x1C...0x20) + [0x85, 0xA0, 0x1680] + Array(0x2000...0x200A)
    let scalars = (codes + [0x2028, 0x2029, 0x202F, 0x205F, 0x3000]).compactMap { Unicode.Scalar(UInt32($0)) }
    return String(String.UnicodeScalarView(scalars))
  }()
}
