import Explain
import Plot

extension ExplainedTable {
  /// A picture of an explanation. Which there are is known at once; each is made when it is looked at.
  public enum Page: Sendable, Hashable {
    case bars, swarm, heatmap, force, decision, interactions, shuffled, gap
    case dependence(String)
    /// Of an effect by its place.
    case partial(Int), centred(Int), accumulated(Int)
  }

  public static let forcePage = "SHAP force"
  public static let decisionPage = "SHAP decision"
  public static let interactionPage = "Interactions"
  public static let shuffledPage = "Shuffled columns"
  public static let gapPage = "Gap of the group"

  /// Features whose dependence is drawn.
  private static let dependences = 12

  /// The pictures in order: bars, a dot for each row, a heatmap, forces and decisions, what else was asked for, and what
  /// the most important features do at each of their values.
  public var pages: [(title: String, page: Page)] {
    var pages: [(title: String, page: Page)] = [
      ("SHAP bars", .bars), ("SHAP beeswarm", .swarm), ("SHAP heatmap", .heatmap), (Self.forcePage, .force),
      (Self.decisionPage, .decision),
    ]
    if explanation.interactions?.contains(where: { $0.value > 0 }) ?? false {
      pages.append((Self.interactionPage, .interactions))
    }
    if !(explanation.importance ?? []).isEmpty { pages.append((Self.shuffledPage, .shuffled)) }
    if explanation.groups != nil { pages.append((Self.gapPage, .gap)) }
    for item in explanation.global.prefix(Self.dependences) where item.value != 0 && hasValues(of: item.feature) {
      pages.append(("Dependence: \(item.feature)", .dependence(item.feature)))
    }
    for (place, effect) in (explanation.effects ?? []).enumerated() {
      pages.append(("PDP: \(effect.feature)", .partial(place)))
      guard effect.numbers != nil else { continue }
      pages.append(("Centred ICE: \(effect.feature)", .centred(place)))
      if effect.accumulated != nil { pages.append(("ALE: \(effect.feature)", .accumulated(place))) }
    }
    return pages
  }

  /// Nil for a picture that there is not.
  public func chart(_ page: Page) -> Chart? {
    let unit = explanation.unit
    func effect(_ place: Int) -> FeatureEffect? {
      explanation.effects.flatMap { $0.indices.contains(place) ? $0[place] : nil }
    }
    return switch page {
    case .bars: bars
    case .swarm: swarm
    case .heatmap: heatmap
    case .force: forces
    case .decision: decisions
    case .interactions: interactions
    case .shuffled: shuffled
    case .gap: gap
    case .dependence(let feature): dependence(of: feature)
    case .partial(let place): effect(place)?.chart(unit: unit)
    case .centred(let place): effect(place)?.chart(unit: unit, isCentered: true)
    case .accumulated(let place): effect(place)?.accumulatedChart(unit: unit)
    }
  }

  /// All pictures, for files.
  public var charts: [(title: String, chart: Chart)] {
    pages.compactMap { page in chart(page.page).map { (page.title, $0) } }
  }

  /// Whether the values of a feature are known, in numbers or in words.
  public func hasValues(of name: String) -> Bool {
    guard let index = explanation.features.firstIndex(of: name) else { return false }
    return kept.contains { $0.numbers[index].isFinite || $0.cells.indices.contains(index) }
  }
}
