extension Glossary {
  /// Figures of one column.
  static let statistics = """
    # count | n | rows
    How many rows, or how many cells that are not missing. A number with a plus sign is still growing while the file
    is read; one with a wave before it is an estimate.
    ~ 0 or more
    # missing | null | missing share | missing_share | NA
    Cells without a value. In a CSV file these are empty fields; what cannot be read as the column's type becomes
    missing in the step Data types. The share is of all rows of the step.
    = missing share = missing cells / rows
    ~ 0 to 100 %
    # distinct | levels | lv | cardinality | unique values
    How many different values a column has; missing is no value. The number is exact where it stands alone, and an
    estimate of the HyperLogLog kind where a wave stands before it.
    ~ 0 to the number of rows
    @ Flajolet, Fusy, Gandouet and Meunier 2007, HyperLogLog
    # minimum | min
    The smallest value that is not missing: of text the first in order of its characters, of dates the oldest.
    # maximum | max
    The largest value that is not missing: of text the last in order of its characters, of dates the newest.
    # mean | average | arithmetic mean
    The sum of the values over their number. A few very large values pull it along; the median stays where it is.
    = mean = (x1 + ... + xn) / n
    # median | 0.5 quantile | p50 | middle
    The value that half of the values are below: the middle one of the sorted values, or halfway between the two in
    the middle.
    # mode | most frequent value | top
    The value that occurs most often. Where several share the first place, the first in order is named.
    # standard deviation | sd | stddev | std
    How far values typically lie from their mean, in the unit of the column. The sum is divided by n - 1, so that a
    sample estimates the whole without bias in the variance.
    = sd = sqrt( sum (x - mean)^2 / (n - 1) )
    ~ 0 (all equal) or more
    # variance | var
    The square of the standard deviation.
    = var = sum (x - mean)^2 / (n - 1)
    ~ 0 or more
    # quantile | percentile | quantiles | p01 | p05 | p25 | p75 | p95 | p99
    The value that a given share of the values are below: 0.05 is the fifth percentile. Between two values of a
    numeric column assay goes linearly from one to the other; of other columns it takes the value at that rank.
    = position h = (n - 1) p, then x[floor h] + (h - floor h) (x[floor h + 1] - x[floor h])
    @ Hyndman and Fan 1996, Sample quantiles in statistical packages, type 7
    # quartile | Q1 | Q3 | quartiles
    The quantiles at one quarter, one half and three quarters: they cut the sorted values into four parts of equal
    size.
    # IQR | interquartile range
    The span of the middle half of the values. It hardly notices outliers, which is why the rule for outliers and the
    width of histogram bins are built on it.
    = IQR = Q3 - Q1
    ~ 0 or more
    # MAD | median absolute deviation
    The median distance from the median: a spread that half of the values may be wrong without moving it. Times 1.4826
    it estimates the standard deviation of a normal distribution.
    = MAD = median |x - median(x)|
    @ Hampel 1974
    # outlier | outliers | Tukey fence | outliers (IQR)
    A value far from the others. The box plot's rule: more than one and a half times the IQR below the first or above
    the third quartile. Being an outlier says that a value is unusual, not that it is wrong.
    = x < Q1 - 1.5 IQR  or  x > Q3 + 1.5 IQR
    ~ about 0.7 % of a normal distribution
    @ Tukey 1977, Exploratory Data Analysis
    # z-score | standard score | zscore
    How many standard deviations a value lies above its mean.
    = z = (x - mean) / sd
    ~ beyond -3 or 3 is rare in a normal distribution (0.3 %)
    # skewness | skew
    Which side of the distribution has the longer tail: above zero to the right, as incomes have; below zero to the
    left.
    = skew = mean((x - mean)^3) / sd^3
    ~ any number; between -0.5 and 0.5 is nearly symmetric
    @ Joanes and Gill 1998, g1
    # kurtosis | kurt | excess kurtosis
    How heavy the tails are, compared with a normal distribution, whose value is zero here. Above zero there are more
    extreme values.
    = kurt = mean((x - mean)^4) / sd^4 - 3
    ~ -2 or more; 0 is as heavy as the normal
    @ Joanes and Gill 1998, g2
    # range
    From the smallest to the largest value.
    = range = max - min
    # zeros
    How many values are exactly zero. Many zeros in an amount often mean not asked or not applicable.
    # negative | negatives
    How many values are below zero.
    # NaN | nan | not a number
    The result of a computation without an answer, such as 0/0, kept in a column of real numbers. assay counts such
    cells beside the missing ones and leaves them out of every figure.
    # infinite | infinity | inf
    A value beyond all numbers, such as 1/0, in a column of real numbers. It is counted, and left out of mean and
    spread.
    # share | percent | % | proportion
    A part of the whole, here of all rows unless something else is said.
    ~ 0 to 100 %
    # cumulative share | cumulative % | cum % | cumulative
    The share of this value and all that stand before it: it says how many of the values cover, say, 80 % of the rows.
    ~ rises to 100 %
    # frequency table | frequency
    Each value of a column with the number of rows that have it, the most frequent first. Numbers are put into bins
    first.
    # normal distribution | Gaussian
    The bell-shaped distribution that sums of many small influences follow. 68 % lie within one standard deviation, 95
    % within two.
    # entropy | Shannon entropy
    How uncertain the value of a column is before one looks: zero when all are equal, the logarithm of the number of
    values when all are equally frequent.
    = H = - sum p ln p   (nats)
    ~ 0 to ln(number of values)
    @ Shannon 1948
    # confidence interval | 95 % interval | interval
    A range made so that, over many samples, the stated share of such ranges holds the true figure. A wide one means
    few rows.
    ~ usually 95 %
    # Wilson interval | Wilson score interval | target rate interval
    The 95 % interval of a share. Unlike the textbook one it stays within 0 and 1 and is sound for few rows and for
    shares near 0 or 1.
    = (p + z^2/2n +- z sqrt( p(1-p)/n + z^2/4n^2 )) / (1 + z^2/n),  z = 1.96
    @ Wilson 1927, doi:10.1080/01621459.1927.10502953
    # bootstrap | bootstrap interval
    The spread of a figure when the rows are drawn again and again, with replacement, from the rows that there are.
    Needs no formula for the figure, only many draws; the same seed gives the same interval.
    @ Efron 1979
    # target rate | rate
    Of the rows with a value, the share whose target is the positive class, with its Wilson interval.
    ~ 0 to 100 %
    # sample | sampling | sampled
    Some of the rows in place of all. What is drawn from a sample says so in its title, with the number of rows; the
    same seed draws the same rows.
    # stratified | stratified sampling | stratified sample
    A random sample in which each value of a column keeps its share of the rows, so that rare values are still there.
    """
}
