extension Glossary {
  /// Bias of labels and of predictions between two groups: a is the favoured group, d the other one. n counts rows, n1
  /// positive and n0 negative labels, n' predictions, and q = n1/n.
  static let bias = """
    # facet | sensitive attribute | group a | group d | facet column
    The column whose groups are compared. Group d holds the values that you name, the group that may be worse off;
    group a is everybody else. Signs depend on it: a positive DPL means that d gets the good outcome less often.
    @ SageMaker Clarify, bias vocabulary
    # positive label | positive outcome | label value
    The value of the label that counts as the good outcome: a loan given, an income above 50K. Everything else is
    negative.
    # group variable | stratum | strata
    A column of categories within which CDDL and CDDPL compare, such as the department that somebody applied to.
    # CI | class imbalance
    Whether group d is small beside group a, whatever the labels say. Models learn little about small groups.
    = CI = (n_a - n_d) / (n_a + n_d)
    ~ -1 to 1; 0 is equal size, beyond 0.5 look closer
    @ SageMaker Clarify, pre-training bias
    # DPL | demographic parity difference of labels | difference in proportions of labels
    How much larger the share of positive labels is in group a than in group d.
    = DPL = q_a - q_d,  q = n1 / n
    ~ -1 to 1; 0 is parity, beyond 0.1 look closer
    @ SageMaker Clarify, pre-training bias
    # KL | Kullback-Leibler divergence | KL divergence | relative entropy
    How far the label distribution of group d is from that of group a, in nats. It is not symmetric, and infinite
    where d lacks a label that a has.
    = KL = sum_y P_a(y) ln( P_a(y) / P_d(y) )
    ~ 0 (equal) to infinity
    @ Kullback and Leibler 1951
    # JS | Jensen-Shannon divergence | JS divergence | JSD
    The symmetric form of KL: both groups against their mean. It is always finite.
    = JS = (KL(P_a, M) + KL(P_d, M)) / 2,  M = (P_a + P_d) / 2
    ~ 0 to ln 2 = 0.693
    @ Lin 1991, doi:10.1109/18.61115
    # LP | Lp-norm | LP norm | L2 norm
    The straight-line distance between the label distributions of the two groups (p = 2).
    = LP = ( sum_y |P_a(y) - P_d(y)|^p )^(1/p),  p = 2
    ~ 0 to sqrt 2 = 1.414
    @ SageMaker Clarify, pre-training bias
    # TVD | total variation distance
    The share of one group's labels that would have to change for the distributions to be equal.
    = TVD = sum_y |P_a(y) - P_d(y)| / 2
    ~ 0 to 1
    @ SageMaker Clarify, pre-training bias
    # KS | Kolmogorov-Smirnov (bias)
    The largest gap in the share of any one label between the groups.
    = KS = max_y |P_a(y) - P_d(y)|
    ~ 0 to 1
    @ SageMaker Clarify, pre-training bias
    # CDDL | conditional demographic disparity of labels | conditional demographic disparity
    Whether group d is a larger part of the rejected than of the accepted, looked at within strata and averaged by
    their size. It undoes Simpson's paradox: an unfair total made of fair parts.
    = CDDL = (1/n) sum_i n_i DD_i,  DD_i = n_d0,i / n_0,i - n_d1,i / n_1,i
    ~ -1 to 1; 0 is parity
    @ Wachter, Mittelstadt and Russell 2021, doi:10.1016/j.clsr.2021.105567
    # demographic disparity | DD
    Group d's share of all negative labels minus its share of all positive ones.
    = DD = n_d0 / n_0 - n_d1 / n_1
    ~ -1 to 1; 0 is parity
    # DPPL | difference in positive proportions in predicted labels | statistical parity difference
    DPL of the predictions: compare the two to see whether a model makes the gap of the data larger.
    = DPPL = q'_a - q'_d
    ~ -1 to 1; 0 is parity, beyond 0.1 look closer
    @ SageMaker Clarify, post-training bias
    # DI | disparate impact
    The share of positive predictions in group d over that in group a. The four-fifths rule of US employment law asks
    for 0.8 at least.
    = DI = q'_d / q'_a
    ~ 0 to infinity; 1 is parity, outside 0.8 to 1.25 look closer
    @ EEOC Uniform Guidelines 1978; SageMaker Clarify
    # DCAcc | DCA | difference in conditional acceptance
    How generous the predictions are towards group a and group d, measured by the observed acceptances.
    = DCAcc = n_a1 / n'_a1 - n_d1 / n'_d1
    ~ any number; 0 is parity
    @ SageMaker Clarify, post-training bias
    # DCR | difference in conditional rejection
    The same for rejections; note that here d comes first.
    = DCR = n_d0 / n'_d0 - n_a0 / n'_a0
    ~ any number; 0 is parity
    @ SageMaker Clarify, post-training bias
    # RD | recall difference | equal opportunity difference
    How much more often a positive row of group a is found than one of group d.
    = RD = TPR_a - TPR_d
    ~ -1 to 1; 0 is equal opportunity
    @ Hardt, Price and Srebro 2016
    # SD | specificity difference
    How much more often a negative row is left alone in group d than in group a.
    = SD = TNR_d - TNR_a
    ~ -1 to 1; 0 is parity
    @ SageMaker Clarify, post-training bias
    # DAR | difference in acceptance rates
    The gap in precision: whether an acceptance is as often right in both groups.
    = DAR = precision_a - precision_d,  precision = TP / (TP + FP)
    ~ -1 to 1; 0 is parity
    @ SageMaker Clarify, post-training bias
    # DRR | difference in rejection rates
    The gap in how often a rejection is right; d comes first.
    = DRR = NPV_d - NPV_a,  NPV = TN / (TN + FN)
    ~ -1 to 1; 0 is parity
    @ SageMaker Clarify, post-training bias
    # AD | accuracy difference
    How much more often the prediction is right in group a.
    = AD = accuracy_a - accuracy_d
    ~ -1 to 1; 0 is parity
    @ SageMaker Clarify, post-training bias
    # TE | treatment equality
    Whether the kinds of errors differ: false rejections over false acceptances, d minus a. Unbounded when a group has
    no false acceptance.
    = TE = FN_d / FP_d - FN_a / FP_a
    ~ any number; 0 is parity
    @ Berk, Heidari, Jabbari, Kearns and Roth 2021
    # CDDPL | conditional demographic disparity in predicted labels
    CDDL of the predictions: the disparity that is left within strata.
    = CDDPL = CDDL with y' in place of y
    ~ -1 to 1; 0 is parity
    @ Wachter, Mittelstadt and Russell 2021
    # FT | counterfactual flip test | flip test | fliptest
    For each row of group d, what the nearest rows of group a are predicted to be. F+ are rows of d predicted negative
    whose neighbours in a are positive, F- the reverse.
    = FT = (F+ - F-) / n_d
    ~ -1 to 1; 0 is parity, above 0 d is worse off
    @ Black, Yeom and Fredrikson 2020, doi:10.1145/3351095.3372845
    # GE | generalized entropy | generalised entropy
    How unequally the benefit of the predictions is spread over all rows, whatever their group: a false rejection gets
    0, a right prediction 1, a false acceptance 2. With alpha 2 it is half the squared coefficient of variation.
    = GE = 1 / (n a (a-1)) sum ((b_i / mean b)^a - 1),  a = 2, b = y' - y + 1
    ~ 0 is equal; seldom above 0.5
    @ Speicher et al. 2018, doi:10.1145/3219819.3220046
    # bias drift
    A bias metric has moved away from its value on a reference table by more than chance: the bootstrap interval of
    the new value lies outside the allowed range.
    ~ 95 % intervals, 1,000 draws
    @ SageMaker Model Monitor
    # bias report
    The bias metrics of one label and one facet, each with its value, what it means and whether it is within its
    threshold.
    # NDCG | feature attribution drift
    Whether the ranking of the features by importance is still that of the reference: 1 when it is.
    = NDCG = DCG / iDCG,  DCG = sum a_i / log2(i + 1)
    ~ 0 to 1; below 0.9 alert
    @ Järvelin and Kekäläinen 2002; SageMaker Model Monitor
    """
}
