extension Glossary {
  /// Fields of forms, by label. A field that is called like a statistic is listed as `NAME field`.
  static let fields = """
    # column field | column
    A column of the table that reaches this step. Names are found by typing a part of them.
    # groups | grouped by
    The column whose values part the rows: each value has a box of its own, those with most rows first and twenty at most.
    With none there is one box for all rows.
    # rule
    How far is far: some robust deviations from the median, some standard deviations from the mean, or some
    interquartile ranges from the quartiles.
    # measure field
    How columns are compared. Linear: Pearson's r of two numbers, the correlation ratio of a number and a category.
    Non-linear: Spearman's rank correlation, the correlation ratio, Cramér's V of two categories.
    # times field
    How many deviations or interquartile ranges a value may lie away before it counts as an outlier.
    # period
    How many values make a season: 7 of daily values for a week, 12 of monthly ones for a year. Left empty, it is found
    from the series' correlation with itself.
    # deviations field
    How many standard deviations the rest of a series may lie away from its mean before the moment stands out.
    # penalty field
    The weight of the L1 penalty of a lasso: the larger it is, the fewer columns keep a coefficient.
    # compare with
    The step that stands for how it was before. Another dataset is added to the flow with n in the flow pane.
    # segments field | segments
    A column that splits the rows into parts, each reported on as well: values, or intervals such as [17, 30]; (30, 60].
    Rows in none of them are one part more.
    # limits field | limits
    What the verdicts of a bias report are measured against: DPL=0.1 allows that much on both sides of the ideal,
    DI=0.8:1.25 gives both ends. Metrics without a limit of their own are judged by the customary one, if there is one.
    # time field
    The column that says when each value was measured.
    # new name
    The name that the column gets; empty keeps the one it has. Steps below find it under the new name. No other column of
    the table may have it, capitals aside.
    # columns field | columns
    Several columns. Typing narrows the list, Space takes one, ^A all that the list shows.
    # read as | type | data type
    The type that the column's text is read as: integer, real, boolean, text, date (2024-12-31), timestamp or time. In
    the step Data types what cannot be read becomes missing; on import it is an error with its line.
    # order | sort order | descending | ascending
    Smallest first is A to Z and oldest first; largest first is the reverse. Missing values come last either way, and
    rows that are equal keep the order they had.
    # keep where | condition | filter
    A condition: rows for which it is true are kept; rows for which it is false, or cannot be told because a value is
    missing, are not.
    # new column | column name
    The name of the column that is added. The name of a column that exists replaces that one.
    # value | expression | formula field
    What is computed for each row: names of columns, numbers, text in single quotes, + - * / and functions such as
    if(age < 18, 'child', 'adult'). With a missing value in it the result is missing.
    # keep | select columns
    The columns that stay, in the order in which they are listed.
    # leave out | drop columns
    The columns that go.
    # rows field | import rows
    Which rows become the data: all, the first ones, a random sample, or a stratified one.
    # how many
    The number of rows to keep. Where there are fewer, all are kept.
    # share field | fraction
    The part of the rows to keep, 0.1 being one in ten. Each row is kept or not on its own, so that the number is
    nearly, not exactly, that part.
    ~ above 0, up to 1
    # by column | stratify by
    The column whose values keep their share of the rows in the sample: the label that you want to predict, or the
    groups that you compare.
    # fill with | strategy | impute | imputation
    What takes the place of missing values: the mean or median of a number, the most frequent value, or a constant.
    What is learnt stays in the step, so that other rows are filled with the same value until the step is refitted.
    # constant
    The value itself that fills missing cells. It has to be of the column's type.
    # header
    Whether the first line of a text file holds the names of the columns.
    # delimiter | separator
    The character between two fields of a line of a text file: comma, semicolon, tab, bar or blank.
    # bad rows | skip bad rows | wrong length
    Lines with more or fewer fields than the header. They stop the import, with the number of the first, unless they
    are left out; then their number is told.
    # bars field
    How many values get a bar of their own; the rest is one bar of others.
    ~ 1 to 1,000
    # across | x | x axis
    The column from left to right.
    # up | y | y axis
    The column from bottom to top.
    # chart field | chart kind
    What is drawn: a histogram, bars, boxes, violins, points, a line, a density heatmap or correlations. Another kind
    keeps the columns that fit it.
    # measure
    The column whose mean, sum or another figure is the length of a bar or the height of a line. Without one the rows
    are counted.
    # aggregate | aggregation
    What becomes of several rows at one place: their number, or the sum, mean, median, minimum or maximum of the
    measure. Rows without a value are left out.
    # bins field
    How many intervals the values are counted in. Left empty, their spread decides.
    ~ 1 to 1,000
    # sample field
    Points at most. Of more rows that many are drawn at random with a fixed seed, and the chart says so.
    ~ 1 to 1,000,000
    # trend field | trend line
    A line through the points: straight by least squares, or a curve of locally weighted regressions (loess).
    @ W. S. Cleveland, "Robust locally weighted regression and smoothing scatterplots", JASA 74 (1979) 829-836
    # colour by | color by | colour
    A column whose values get colours and markers of their own; seven at most, the rest is others.
    # label | target | label column
    The column that a model predicts. More than 100 different numbers are predicted as a number, anything else as a
    class.
    # advanced
    Shows options that rarely need a change.
    # problem | problem type
    Whether the label is taken as classes or as a number. Automatic: more than 100 distinct numbers are a number.
    # trees | n_estimators
    How many trees a forest has. More take longer and seldom do harm.
    # depth | max depth | tree depth
    How many splits may follow each other in a tree. Deeper trees see finer detail, and chance.
    # train on | train fraction
    The share of the rows to learn from. The others judge the model and are never learnt from.
    ~ 0.05 to 0.95
    # name
    What the flow calls it. Left empty, it is named after what it does.
    # effect | effect of the step
    What the step would do to the rows that reach it: rows, columns and missing cells before and after. Of a large
    table it is told from the first rows, and says so.
    # positive
    The values of the label that are the good outcome, such as a loan given. All others are the bad one.
    # positive above
    For a label of numbers: outcomes above this number are good ones, the number itself is not.
    # thresholds field
    Numbers that split a facet: rows above one are group d, all others group a. Several numbers are several comparisons.
    # predictions
    A column with predicted labels or scores; or a model that is trained for the report, where each row is predicted by
    a model that has not seen it.
    # they are
    Whether predictions are labels, positive by the label's own rule, or scores, positive above a threshold.
    # threshold field
    Scores above it are predicted positive.
    # metric field
    The bias metric that is traded against accuracy.
    # missing field
    What becomes of rows without a value: left out, a group of their own, or, as the library of SageMaker Clarify has
    it, negative rows of group a.
    # compute
    The documented formulas; or what smclarify 0.5 returns for the same rows, its defects included.
    # draws
    How many bootstrap draws stand behind an interval. They are drawn from counts, so that rows do not make them slow.
    ~ 0 for no intervals; 1,000 is usual
    # confidence
    The share of intervals that hold the true value when one would measure again and again.
    ~ 0.5 to 0.999
    # correction
    With many groups some look bad by chance. Holm bounds the chance of any false alarm, the false discovery rate of
    Benjamini and Hochberg the share of false ones among the alarms.
    # small group
    Groups of fewer rows are marked: their figures swing with every row.
    # combine
    Groups of two facets at once, such as women of one origin, the worst gap first.
    # method
    How rows are chosen: the first, at random, a random share, or stratified.
    # take it for
    Which problem a label poses: automatic looks at its values (two are two classes, texts are classes, whole numbers
    are classes where they are few for the rows), or you say classes or numbers.
    # seconds | time limit | budget
    How long a training may take in all. It ends in time with the best ensemble so far, and can be ended before.
    # preset
    How much a training tries. quick: a few candidates, no search. balanced: a portfolio of learners, then a search
    around the best. best: more folds and a longer ensemble.
    # test rows | test set
    Rows with the label that no model sees until the end; the ensemble is judged on them once.
    # test file
    A file with the same columns as the step, and the label.
    # models in | run folder
    The folder that a training writes: every candidate as it ends, and the ensemble of the best. A training that was
    cut short goes on from what is in it.
    # candidates
    How many models a training tries at most; left empty, as many as its time allows.
    # threads
    How much is computed at once. The results do not depend on it.
    # file | path
    Where a file is: from the folder in which assay was started, from the root with a slash, or from your home with
    ~/.
    # limit
    The most that is shown or read.
    """

  /// Words of the workbench.
  static let words = """
    # flow | data flow
    A source and the steps that follow it, with the analyses that hang on them. Steps are kept, not their results: the
    source is never changed, and the flow runs again on other data.
    # step | transform
    One change of the data: each step reads what the step above it gives.
    # analysis
    A chart, a summary or a model of the rows of one step, kept with the flow together with its result.
    # look | looking
    Sorting, finding and filtering in the table without changing the flow. A look can be kept as a step.
    # job
    Work in the background: it shows how far it is, can be cancelled with x, and says why it failed.
    # also
    What an explanation tells beside SHAP values: effects of columns, the gap of a group, and shuffled columns.
    # effects of | accumulated local effects | ALE
    What a model predicts when a column is set to one value after another: the mean over rows (PDP), single rows (ICE),
    and the sum of small changes near each row's own value (ALE), which asks for no row that cannot be.
    @ Apley and Zhu 2020, doi:10.1111/rssb.12377
    # in time | steps | asymmetric Shapley values
    Where columns become known one after another, what steps do together goes to the step that comes first, rather than
    to all of them in equal parts.
    @ Frye, Rowat and Feige 2020, arXiv:1910.06358
    # direction
    Which step in time is known first: the oldest, the newest, or the mean of both ways.
    # values of
    What an explanation in time tells: one value for all columns of a step, or one for each column.
    # shuffles
    How often each column is shuffled to see how much the loss rises without it; several give intervals.
    @ Breiman 2001
    # background field | background
    Rows whose values hidden columns take while SHAP values are found.
    # units field | units
    What SHAP values are in: the model's probabilities, or their log-odds.
    # counterfactual | what flips a decision
    The smallest change of a row that flips what a model decides: one column where one is enough, then two, then three,
    tried with values that occur.
    @ Wachter et al. 2017
    # refit
    Learning a step's statistics again from the rows that reach it now.
    # row card
    One row with its columns below each other.
    # provenance
    How a result was made: the step, its rows, and how long it took.
    # OSC 52
    The sequence of characters by which a program asks the terminal to fill the clipboard, also over ssh. Terminals
    take at most 74,994 characters of base64, which is 56 kB of text; some ask first, and some ignore it.
    @ xterm control sequences
    """
}
