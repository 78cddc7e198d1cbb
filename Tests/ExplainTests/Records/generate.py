# Records models of XGBoost and LightGBM with the contributions that they and shap compute, for ExplainTests.
# pip install xgboost lightgbm shap pandas; python generate.py writes *.json, *.ubj and *.txt beside itself.
import json, os
import lightgbm as lgb, numpy as np, pandas as pd, shap, xgboost as xgb

here = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(7)
n = 400


def table(features=8, gaps=0.1):
    x = np.round(rng.normal(size=(n, features)), 3).astype(np.float32)
    x[rng.random((n, features)) < gaps] = np.nan
    return x


def plain(value):
    value = np.asarray(value, dtype=float)
    return [plain(v) if np.ndim(v) else (None if np.isnan(v) else float(v)) for v in value]


def save(name, model, rows, **expected):
    record = dict(xgboost=xgb.__version__, lightgbm=lgb.__version__, shap=shap.__version__, model=model,
                  rows=rows if isinstance(rows, list) else plain(rows))
    record.update({key: plain(value) for key, value in expected.items()})
    with open(f"{here}/{name}.json", "w") as file:
        json.dump(record, file, separators=(",", ":"))


def xgboost_case(name, x, y, rounds=4, ending="json", shown=12, interactions=False, rows=None, dtrain=None, **parameters):
    parameters = dict(dict(nthread=1, seed=1, eta=0.3), **parameters)
    data = dtrain if dtrain is not None else xgb.DMatrix(x, y)
    booster = xgb.train(parameters, data, rounds)
    file = f"{name}.model.{ending}"
    booster.save_model(f"{here}/{file}")
    shown_data = data.slice(list(range(shown)))
    expected = dict(contributions=booster.predict(shown_data, pred_contribs=True),
                    margins=booster.predict(shown_data, output_margin=True))
    if interactions:
        expected["interactions"] = booster.predict(shown_data, pred_interactions=True)
    save(name, file, rows if rows is not None else x[:shown], **expected)
    return booster


x = table()
z = np.nan_to_num(x)
signal = z[:, 0] * z[:, 1] + np.sin(2 * z[:, 2]) + z[:, 3] + rng.normal(size=n) * 0.5
label = (signal > 0).astype(int)
for depth in range(1, 13):
    xgboost_case(f"xgboost-depth-{depth}", x, label, objective="binary:logistic", max_depth=depth, interactions=depth in (1, 4, 8, 12),
                 min_child_weight=0.1)
classes = np.digitize(signal, [-0.7, 0.7])
xgboost_case("xgboost-multiclass", x, classes, objective="multi:softprob", num_class=3, max_depth=3, interactions=True)
xgboost_case("xgboost-regression-ubj", x, signal, objective="reg:squarederror", max_depth=4, ending="ubj")
xgboost_case("xgboost-poisson", x, np.clip(np.round(np.abs(signal) * 2), 0, 9), objective="count:poisson", max_depth=3)
xgboost_case("xgboost-logitraw", x, label, objective="binary:logitraw", max_depth=3)
xgboost_case("xgboost-dart", x, label, objective="binary:logistic", booster="dart", rate_drop=0.4, max_depth=3, rounds=8)
xgboost_case("xgboost-forest", x, label, objective="binary:logistic", num_parallel_tree=3, subsample=0.6, max_depth=4, rounds=2)
words = np.array(["red", "green", "blue", "dark grey", "white", "black", "ochre"])
code = rng.integers(0, 7, n)
frame = pd.DataFrame(dict(size=x[:, 0], colour=pd.Categorical(words[code], categories=sorted(words)), weight=x[:, 1]))
frame.loc[rng.random(n) < 0.1, "colour"] = None
effect = np.where(np.isin(code, [1, 3, 5]), 1.0, -1.0) + z[:, 0]
shown = [[None if pd.isna(v) else v for v in row] for row in frame.head(30).astype(object).values.tolist()]
xgboost_case("xgboost-categories", None, None, dtrain=xgb.DMatrix(frame, effect, enable_categorical=True), rows=shown, shown=30,
             objective="reg:squarederror", max_depth=5, max_cat_to_onehot=1, interactions=True)

# Interventional, by shap.
small = xgb.XGBClassifier(n_estimators=6, max_depth=4, random_state=1, n_jobs=1).fit(x, label)
small.get_booster().save_model(f"{here}/interventional.model.json")
background, rows = x[100:120], x[:10]
expected = {}
for output in ("raw", "probability", "log_loss"):
    explainer = shap.TreeExplainer(small, background, feature_perturbation="interventional", model_output=output)
    values = explainer.shap_values(rows, label[:10]) if output == "log_loss" else explainer.shap_values(rows)
    base = explainer.expected_value
    if output == "log_loss":
        base = 0
    expected[output] = values
    expected[output + "_base"] = [base]
save("interventional", "interventional.model.json", rows, background=background, labels=label[:10], **expected)


def lightgbm_case(name, x, y, rounds=5, shown=12, data=None, rows=None, **parameters):
    parameters = dict(dict(num_threads=1, seed=1, verbose=-1, min_data_in_leaf=5, learning_rate=0.3), **parameters)
    booster = lgb.train(parameters, data if data is not None else lgb.Dataset(x, y), rounds)
    file = f"{name}.model.txt"
    booster.save_model(f"{here}/{file}")
    part = x[:shown]
    save(name, file, rows if rows is not None else part, contributions=booster.predict(part, pred_contrib=True),
         margins=booster.predict(part, raw_score=True))


x64 = x.astype(float)
lightgbm_case("lightgbm-binary", x64, label, objective="binary", num_leaves=31)
lightgbm_case("lightgbm-shallow", x64, label, objective="binary", num_leaves=12, max_depth=5)
whole = np.nan_to_num(x64)
trained = lgb.Dataset(whole, signal)
booster = lgb.train(dict(num_threads=1, verbose=-1, objective="regression", num_leaves=10), trained, 4)
booster.save_model(f"{here}/lightgbm-never-missing.model.txt")
save("lightgbm-never-missing", "lightgbm-never-missing.model.txt", x64[:12],
     contributions=booster.predict(x64[:12], pred_contrib=True), margins=booster.predict(x64[:12], raw_score=True))
zeros = np.where(rng.random((n, 8)) < 0.2, 0, whole)
lightgbm_case("lightgbm-zero-missing", zeros, signal, objective="regression", zero_as_missing=True, num_leaves=15)
lightgbm_case("lightgbm-multiclass", x64, classes, objective="multiclass", num_class=3, num_leaves=8)
lightgbm_case("lightgbm-forest", x64, label, objective="binary", boosting="rf", bagging_fraction=0.6, bagging_freq=1, num_leaves=12)
lightgbm_case("lightgbm-dart", x64, label, objective="binary", boosting="dart", drop_rate=0.5, num_leaves=8, rounds=8)
lightgbm_case("lightgbm-poisson", x64, np.clip(np.round(np.abs(signal) * 2), 0, 9), objective="poisson", num_leaves=8)
lightgbm_case("lightgbm-categories", frame, effect, shown=30, rows=shown, objective="regression", num_leaves=12, max_cat_to_onehot=1,
              min_data_per_group=5, cat_smooth=1)
