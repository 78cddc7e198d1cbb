extension Glossary {
  /// Figures of two columns, and of two tables.
  static let relations = """
    # Pearson r | correlation | Pearson | r | Pearson correlation
    How closely two numeric columns follow a straight line: 1 when one rises with the other exactly, -1 when it falls,
    0 when there is no straight-line relation. A curve can have an r near zero. Rows with either value missing are
    left out.
    = r = sum (x - mx)(y - my) / sqrt( sum (x - mx)^2 sum (y - my)^2 )
    ~ -1 to 1
    @ Pearson 1895
    # Spearman | Spearman rho | rank correlation | Spearman correlation
    Pearson's r of the ranks: 1 whenever one column rises with the other, along any curve. Outliers hardly matter.
    = rho = r( rank(x), rank(y) ), ties share their mean rank
    ~ -1 to 1
    @ Spearman 1904
    # Kendall tau | Kendall
    Of all pairs of rows, how many more are in the same order in both columns than in opposite order.
    = tau = (concordant - discordant) / all pairs, corrected for ties (tau-b)
    ~ -1 to 1
    @ Kendall 1938
    # Cramér's V | Cramer's V | Cramers V | cramer
    How strongly two columns of categories go together: 0 when knowing one says nothing about the other, 1 when it
    says all.
    = V = sqrt( chi^2 / (n (min(rows, columns) - 1)) )
    ~ 0 to 1; above 0.3 is strong in practice
    @ Cramér 1946
    # correlation ratio | eta
    How much of the spread of a number lies between the groups of a category, not within them.
    = eta = sqrt( between-group sum of squares / total sum of squares )
    ~ 0 to 1
    @ Fisher 1925
    # chi-squared | chi2 | chi square
    How far counts of two categories are from what they would be if the columns had nothing to do with each other.
    = chi^2 = sum (observed - expected)^2 / expected
    ~ 0 or more
    @ Pearson 1900
    # VIF | variance inflation factor | multicollinearity | collinearity
    How well the other columns predict this one linearly. A model's coefficient of the column is that much less
    certain, in variance, than it would be alone.
    = VIF = 1 / (1 - R^2 of the column on all others)
    ~ 1 (independent) or more; above 5 look, above 10 act
    @ Marquardt 1970
    # mutual information | MI
    How much knowing one column tells about another, in nats: any kind of relation counts, not only straight lines.
    = MI = sum p(x,y) ln( p(x,y) / (p(x) p(y)) )
    ~ 0 (independent) to the smaller entropy
    @ Shannon 1948
    # information value | IV
    How well the bins or values of a column separate two classes, summed over them. Common in credit scoring.
    = IV = sum (share of positives - share of negatives) x WOE
    ~ below 0.02 useless, 0.1 to 0.3 medium, above 0.5 suspiciously good
    @ Siddiqi 2006, Credit Risk Scorecards
    # weight of evidence | WOE
    How much more a value is found among the positive than among the negative class, as a logarithm.
    = WOE = ln( share of positives / share of negatives )
    ~ any number, 0 is neutral
    # PSI | population stability index
    How far the distribution of a column has moved between two tables, over the same bins.
    = PSI = sum (q - p) ln(q / p)
    ~ below 0.1 stable, 0.1 to 0.25 look, above 0.25 has moved
    @ Siddiqi 2006
    # drift | data drift
    The rows of today are not like those of before: columns are distributed otherwise. Measured by PSI, Jensen-Shannon
    divergence or the Kolmogorov-Smirnov distance between two steps of the flow.
    # Kolmogorov–Smirnov distance | two-sample KS | KS test
    The largest gap between two cumulative distributions of numbers. Not the bias metric KS, which compares shares of
    categories.
    = D = max_x |F1(x) - F2(x)|
    ~ 0 to 1
    @ Smirnov 1939
    # target leakage | leakage
    A column knows the answer because it was filled in after the fact, so that a model looks better than it will ever
    be. The sign: a single column predicts the target almost perfectly.
    ~ AUC of the column alone above 0.95 deserves a look
    # duplicate rows | duplicates
    Rows that are equal in every column. They count twice in every figure, and the same row in training and test makes
    a model look better than it is.
    # cosine similarity | cosine
    The cosine of the angle between two vectors: 1 for the same direction, 0 for nothing in common.
    = cos = x . y / (|x| |y|)
    ~ -1 to 1
    # PCA | principal components | principal component analysis
    New axes, each a weighted sum of the columns, of which the first holds as much of the spread as one axis can, the
    next as much as possible of the rest.
    ~ the shares of variance sum to 100 %
    @ Pearson 1901, Hotelling 1933
    """
}
