extension Glossary {
  /// How models are judged, and what they are.
  static let models = """
    # accuracy | acc
    The share of rows whose class is predicted correctly. With one class in 95 % of the rows, always saying that class
    is 95 % accurate: look at the baseline too.
    = accuracy = (TP + TN) / n
    ~ 0 to 1
    # balanced accuracy | balanced_accuracy
    The mean of the recalls of all classes, so that each class counts the same however rare it is.
    = mean over classes of TP / (TP + FN)
    ~ 1/classes is guessing, 1 is perfect
    # precision | positive predictive value | PPV
    Of the rows that are predicted to be positive, the share that are.
    = precision = TP / (TP + FP)
    ~ 0 to 1
    # recall | sensitivity | true positive rate | TPR
    Of the rows that are positive, the share that is found.
    = recall = TP / (TP + FN)
    ~ 0 to 1
    # specificity of a model | true negative rate | TNR
    Of the rows that are negative, the share that is predicted to be negative.
    = specificity = TN / (TN + FP)
    ~ 0 to 1
    # NPV | negative predictive value
    Of the rows that are predicted to be negative, the share that are.
    = NPV = TN / (TN + FN)
    ~ 0 to 1
    # false positive rate | FPR | fall-out
    Of the rows that are negative, the share that is wrongly called positive: the horizontal axis of the ROC curve.
    = FPR = FP / (FP + TN)
    ~ 0 to 1
    # F1 | f1 | F1 score | F-measure
    The harmonic mean of precision and recall: high only when both are. Of several classes, each class's F1 weighted
    with its rows.
    = F1 = 2 precision x recall / (precision + recall) = 2 TP / (2 TP + FP + FN)
    ~ 0 to 1
    @ van Rijsbergen 1979
    # F1 macro | f1_macro | macro F1
    The plain mean of the F1 of all classes: a rare class counts as much as a frequent one.
    ~ 0 to 1
    # F1 positive class | f1_positive
    The F1 of one of two classes, the rarer one.
    ~ 0 to 1
    # AUC | auc | ROC AUC | area under the curve | area under ROC
    The chance that a row of the positive class gets a higher score than a row of the negative class, ties counting a
    half. It does not depend on a threshold. Of several classes the mean of each against the rest.
    = AUC = (sum of the ranks of the positives - p(p+1)/2) / (p n)
    ~ 0.5 is guessing, 1 is perfect, below 0.5 is the wrong way round
    @ Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747
    # ROC | ROC curve | receiver operating characteristic
    Recall against the false positive rate for every threshold of the score. The closer to the upper left corner the
    better; the diagonal is guessing.
    @ Fawcett 2006, doi:10.1016/j.patrec.2005.10.010
    # PR curve | PR | precision-recall curve | precision recall
    Precision against recall for every threshold. Where positives are rare it shows more than the ROC curve; guessing
    is a flat line at the share of positives.
    @ Davis and Goadrich 2006
    # average precision | AP | PR AUC
    The area under the precision-recall curve as a sum of steps.
    = AP = sum (R_k - R_(k-1)) P_k
    ~ the share of positives is guessing, 1 is perfect
    # log loss | log_loss | logloss | cross-entropy
    How surprised one is by the truth, given the predicted probabilities: being sure and wrong costs most. In nats,
    the mean over the rows.
    = log loss = - mean ln p(true class)
    ~ 0 is perfect; ln(classes) is no knowledge at all
    # Brier score | Brier
    The mean squared distance between the predicted probability and what came true (1 or 0).
    = Brier = mean (p - y)^2
    ~ 0 is perfect, 0.25 is always saying one half
    @ Brier 1950
    # calibration | reliability | calibration plot | reliability diagram
    Whether of the rows with a predicted probability of 70 % some 70 % come true. Points below the diagonal mean that
    the model promises too much.
    @ Murphy and Winkler 1977
    # ECE | expected calibration error
    The mean gap between predicted probability and what came true, over bins of the probability, weighted with their
    rows.
    = ECE = sum (n_b / n) |mean p_b - share positive_b|
    ~ 0 is perfectly calibrated
    @ Naeini, Cooper and Hauskrecht 2015
    # MSE | mse | mean squared error
    The mean of the squared errors, in the square of the label's unit. Large errors weigh most.
    = MSE = mean (y - y')^2
    ~ 0 is perfect; compare with the baseline
    # RMSE | rmse | root mean squared error
    The square root of the mean squared error: an error in the label's own unit, large ones weighing most.
    = RMSE = sqrt( mean (y - y')^2 )
    ~ 0 or more
    # MAE | mae | mean absolute error
    The mean size of the error in the label's unit. Each unit of error costs the same.
    = MAE = mean |y - y'|
    ~ 0 or more
    # median absolute error | medae
    Half of the rows have a smaller error, half a larger one. A few very wrong rows do not matter.
    ~ 0 or more
    # MAPE | mean absolute percentage error
    The mean error as a share of the true value. Without meaning where values are zero or near it.
    = MAPE = mean |y - y'| / |y|
    ~ 0 or more
    # R² | R2 | r2 | coefficient of determination | R squared
    The share of the spread of the label that the prediction explains. Zero is no better than always saying the mean;
    it falls below zero for anything worse.
    = R^2 = 1 - sum (y - y')^2 / sum (y - mean(y))^2
    ~ 1 or less
    # baseline
    The figure of a prediction that knows nothing of the columns: always the most frequent class, or always the mean.
    A model is worth what it gains over that.
    # confusion matrix | confusion
    Rows by actual class (down) and predicted class (across). The diagonal is right; every other cell names a mistake.
    # TP | true positives | FP | FN | TN
    The four cells of a yes-or-no prediction: true and false positives (predicted yes), true and false negatives
    (predicted no). True means that the prediction was right.
    # threshold | probability threshold | cut-off
    From which predicted probability on a row is called positive. Lower finds more and is wrong more often.
    ~ 0 to 1, 0.5 unless something else is chosen
    # lift
    How many times more positives there are among the rows with the highest scores than among all rows.
    ~ 1 is guessing
    # Quick Model | quickmodel | quick model
    A random forest trained on 70 % of the rows and judged on the other 30 %: a first answer to whether a label can be
    predicted and by which columns, not the best model that there is.
    # random forest | forest
    Many decision trees, each grown on other rows and columns by chance; they vote, or their numbers are averaged.
    @ Breiman 2001, doi:10.1023/A:1010933404324
    # gradient boosting | GBT | boosting | boosted trees
    Trees grown one after the other, each on what the ones before still get wrong.
    @ Friedman 2001, doi:10.1214/aos/1013203451
    # cross-validation | k-fold | fold | CV
    The rows are cut into k parts; each part is judged by a model trained on the others. The spread over the parts
    shows how far the figure can be trusted.
    @ Stone 1974
    # train/test split | train test split | hold-out | holdout
    Rows to learn from and other rows to judge on. A figure on the rows that were learnt from says little.
    # learning curve | loss curve
    The error on training and on validation rows while a model learns. When the second rises while the first falls,
    the model has begun to learn by heart.
    # early stopping | best epoch
    Training ends when the validation error has not fallen for a while; the model of the best round is kept.
    # epoch
    One pass over all training rows.
    # leaderboard
    The models that were tried, the best first by the chosen metric, with the spread over the folds.
    # AutoML
    Trying learners and their settings within a budget of time, and keeping the best, alone or several together.
    # candidate
    A learner with its settings and its way to prepare the columns, trained once for each fold.
    # ensemble | greedy ensemble | weighted ensemble
    A weighted mean of candidates: starting from nothing, the candidate that helps most is added, again and again, and
    may be added more than once. Its figure comes from rows that its members were not fitted to.
    @ Caruana et al. 2004, doi:10.1145/1015330.1015432
    # out of fold | out-of-fold predictions | OOF
    Each row is predicted by models of the folds that did not see it, so that all rows can judge a model.
    # tie | tied models
    Two models whose difference over the same folds is as small as chance makes it. Folds share training rows, which
    the test allows for.
    = t = mean difference / sqrt(variance (1/k + n test / n train))
    ~ a tie below the 97.5 % point of Student's t with k - 1 degrees of freedom
    @ Nadeau and Bengio 2003, doi:10.1023/A:1024068626366
    # gain of a model | gain curve | cumulative gain
    The share of all positives that is found in the rows with the highest scores.
    # residual | actual and predicted | spread of residuals
    What was actual minus what was predicted. Good residuals have mean zero, and no shape against the prediction.
    # model card | card
    What a person who is to use a model should know: what it predicts, from what, how well, by which recipe.
    # overfitting
    A model has learnt the chance in its training rows: it is much better on them than on others.
    # regression
    Predicting a number.
    # classification
    Predicting one of a few classes.
    # feature
    A column as a model sees it: numbers as they are, a category as one column for each of its values or as its
    number.
    # seed
    The number that a random choice starts from. The same seed gives the same sample, split and model, on any machine
    and with any number of threads.
    """
}
