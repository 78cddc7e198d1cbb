extension Glossary {
  /// What explains a model.
  static let explanation = """
    # SHAP | SHAP value | Shapley value | mean SHAP | shap
    How far a column moves one prediction away from the average prediction, given what the other columns say. The
    values of a row add up to its prediction minus the average. Ranked by their mean size over the rows.
    = f(x) = E f(X) + sum over columns of SHAP
    ~ in the unit of the prediction; 0 does nothing
    @ Lundberg and Lee 2017; Lundberg et al. 2020, doi:10.1038/s42256-019-0138-9
    # gain | split gain
    How much the splits on a column have lowered the impurity or the loss while the trees were grown, as a share of
    the whole. Columns of many values are favoured; compare with SHAP.
    ~ the shares of all columns sum to 100 %
    @ Breiman, Friedman, Olshen and Stone 1984
    # importance | feature importance
    How much a model uses a column. Gain counts what its splits achieved in training, SHAP how far it moves
    predictions, permutation how much worse the model gets without it.
    # permutation importance
    How much worse a model's figure gets when the values of one column are shuffled, so that they say nothing any
    more.
    = importance = figure on the rows - figure with the column shuffled
    ~ about 0 is unused
    @ Breiman 2001; Fisher, Rudin and Dominici 2019
    # beeswarm | SHAP beeswarm
    One dot a row for each column, placed at its SHAP value and coloured by the value of the column: it shows in which
    direction high and low values push.
    # waterfall | SHAP waterfall
    How one prediction comes about: from the average prediction each column pushes up or down until the prediction is
    reached.
    # force chart | SHAP force | force plot
    What pushes one prediction, on one line: what raises it stands left of f(x) and points at it, what lowers it stands
    right, the largest next to f(x). Several rows stand above each other by their prediction.
    # decision chart | SHAP decision | decision plot
    For each row a line from the base value at the bottom through what each column adds to the prediction at the top.
    Rows whose lines run together were decided alike.
    # dependence plot | SHAP dependence | dependence
    The SHAP value of a column against the column's value, one dot a row.
    # PDP | partial dependence | partial dependence plot
    The average prediction when one column is set to a value for all rows, over a range of values. Misleading where
    columns move together, because it looks at rows that never occur.
    = PD(v) = mean over rows of f(row with column = v)
    @ Friedman 2001, doi:10.1214/aos/1013203451
    # ICE | individual conditional expectation
    One partial dependence line for each row. Where lines cross, the column's effect depends on other columns.
    @ Goldstein, Kapelner, Bleich and Pitkin 2015
    # interaction
    The effect of one column depends on the value of another.
    # log-odds | logit
    The logarithm of the odds, which is where effects of a classifier add up. 0 is a probability of one half.
    = logit(p) = ln( p / (1 - p) )
    ~ any number
    """

  /// Charts, and what is drawn in them.
  static let charts = """
    # histogram
    How many values fall into each of a row of bins of equal width. The shape depends on the bins: b and B change
    them.
    # bins | bin
    The intervals of a histogram. Left to itself, assay takes the width of Freedman and Diaconis, widened to borders
    at round numbers and to what the screen can show.
    # Freedman–Diaconis | Freedman-Diaconis rule | FD rule
    The bin width that follows from the spread of the middle half of the values and their number.
    = width = 2 IQR / n^(1/3)
    @ Freedman and Diaconis 1981, doi:10.1007/BF01025868
    # density | KDE | kernel density | density curve
    A smooth histogram: a small bell is put on each value and the bells are added up. The band width decides how
    smooth.
    = f(x) = 1/(n h) sum K((x - x_i)/h)
    @ Parzen 1962; Silverman 1986 for the band width
    # bar chart | bars
    How many rows have each value, the most frequent first; what does not fit is summed up as others.
    # box plot | box | boxplot
    The box reaches from the first to the third quartile with a line at the median; the whiskers reach to the last
    value within one and a half IQR; dots are outliers.
    @ Tukey 1977
    # violin | violin plot
    The density of each group drawn to both sides of a line: it shows two humps where a box shows one.
    @ Hintze and Nelson 1998
    # scatter | scatter plot
    A dot for each row at its values of two columns. Large tables are sampled with a seed, or drawn as density, and
    the title says so.
    # LOESS | LOWESS | trend | smoother
    A curve through a cloud of points: near each place a line is fitted to the points around it, near ones counting
    most.
    @ Cleveland 1979, doi:10.1080/01621459.1979.10481038
    # heatmap | heat map
    A grid of cells whose colour stands for a number. The number is printed too where there is room, so that colour is
    never the only sign.
    # correlation matrix
    Pearson's r of every pair of numeric columns. Enter on a cell draws its scatter plot.
    # bias panel
    One line a bias metric: its value, both groups, the range in which it is fine, and a sign.
    # embedding map | embedding | 2-D map
    Each text or row as a point in the plane such that like lies near like. Distances between far groups mean little.
    # sparkline
    A tiny histogram in one line of text, under each column's name.
    # rug
    Small marks along an axis, one for each value.
    # facet by | small multiples
    The same chart once for each value of a column, on common axes.
    # log axis | log scale | logarithmic
    Equal steps multiply: 1, 10, 100. Zero and negative values have no place on it and are counted beside the chart.
    # others
    Values beyond those shown, added up.
    # table summary | describe | profile
    One line for each column: its kind, missing and distinct values, smallest, mean, median and largest value, and the
    most frequent ones.
    # column profile | header profile
    What stands under a column's name: the shape of a number, the number of levels of a category, the share missing. A
    wave marks what was found from the first rows only.
    """
}
