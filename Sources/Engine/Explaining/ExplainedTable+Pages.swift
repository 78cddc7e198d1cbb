import Explain
import Plot

extension ExplainedTable {
  /// A picture of an explanation. Which there are is known at once; each is made when it is looked at.
  public enum Page: Sendable, Hashable {
    case bars, swarm, heatmap, force, decision, steps, interactions, shuffled, gap
    case dependence(String)
    /// What a feature does that is set to one value after another.
    case partial(String), centred(String), accumulated(String)

    public var title: String {
      switch self {
      case .bars: "SHAP bars"
      case .swarm: "SHAP beeswarm"
      case .heatmap: "SHAP heatmap"
      case .force: "SHAP force"
      case .decision: "SHAP decision"
      case .steps: "Steps in time"
      case .interactions: "Interactions"
      case .shuffled: "Shuffled columns"
      case .gap: "Gap of the group"
      case .dependence(let feature): "Dependence: \(feature)"
      case .partial(let feature): "PDP: \(feature)"
      case .centred(let feature): "Centred ICE: \(feature)"
      case .accumulated(let feature): "ALE: \(feature)"
      }
    }
  }

  /// Features whose dependence is drawn.
  private static let dependences = 12

  /// The pictures in order: bars, a dot for each row, a heatmap, forces and decisions, what else was asked for, and what
  /// the most important features do at each of their values.
  public var pages: [Page] {
    var pages: [Page] = [.bars, .swarm, .heatmap, .force, .decision]
    if time != nil { pages.append(.steps) }
    if explanation.interactions?.contains(where: { $0.value > 0 }) ?? false { pages.append(.interactions) }
    if !(explanation.importance ?? []).isEmpty { pages.append(.shuffled) }
    if explanation.groups != nil { pages.append(.gap) }
    for item in explanation.global.prefix(Self.dependences) where item.value != 0 && hasValues(of: item.feature) {
      pages.append(.dependence(item.feature))
    }
    for effect in explanation.effects ?? [] {
      pages.append(.partial(effect.feature))
      guard effect.numbers != nil else { continue }
      pages.append(.centred(effect.feature))
      if effect.accumulated != nil { pages.append(.accumulated(effect.feature)) }
    }
    return pages
  }

  /// Nil for a picture that there is not.
  public func chart(_ page: Page) -> Chart? {
    let unit = explanation.unit
    func effect(_ feature: String) -> FeatureEffect? { explanation.effects?.first { $0.feature == feature } }
    return switch page {
    case .bars: bars
    case .swarm: swarm
    case .heatmap: heatmap
    case .force: forces
    case .decision: decisions
    case .steps: steps
    case .interactions: interactions
    case .shuffled: shuffled
    case .gap: gap
    case .dependence(let feature): dependence(of: feature)
    case .partial(let feature): effect(feature)?.chart(unit: unit)
    case .centred(let feature): effect(feature)?.chart(unit: unit, isCentered: true)
    case .accumulated(let feature): effect(feature)?.accumulatedChart(unit: unit)
    }
  }

  /// All pictures, for files.
  public var charts: [(title: String, chart: Chart)] {
    pages.compactMap { page in chart(page).map { (page.title, $0) } }
  }

  /// Whether the values of a feature are known, in numbers or in words.
  public func hasValues(of name: String) -> Bool {
    guard let index = explanation.features.firstIndex(of: name) else { return false }
    return kept.contains { $0.numbers[index].isFinite || $0.cells.indices.contains(index) }
  }
}
