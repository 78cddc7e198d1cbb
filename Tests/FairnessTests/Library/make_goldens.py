"""Writes more reports of smclarify 0.5 (pandas 2.0.3, numpy 1.24.4) beside this file: what the library says of missing
values, of column kinds that it guesses, of columns that it cannot use, and of random tables.

    python3.11 -m venv v && v/bin/pip install pandas==2.0.3 numpy==1.24.4 scikit-learn pyfunctional
    v/bin/pip install --no-deps smclarify==0.5 && v/bin/python make_goldens.py
"""
import json
import logging
import pathlib

import numpy as np
import pandas as pd
from smclarify.bias.report import (
    FacetColumn, LabelColumn, StageType, bias_report, model_performance_report)

logging.disable(logging.CRITICAL)
folder = pathlib.Path(__file__).parent
TYPES = {"int64": "BIGINT", "float64": "DOUBLE", "bool": "BOOLEAN", "object": "VARCHAR", "category": None}


def write(name, df, facet, values, label, positive, predicted=None, group=None, categories=(), features=None):
    types = {}
    for column in df:
        kind = df[column].dtype.name
        whole = kind == "float64" and column in ("i", "j")
        types[column] = "BIGINT" if whole else TYPES[kind]
    df.to_csv(folder / f"{name}.csv", index=False)
    data = df.copy()
    for column in categories:
        data[column] = data[column].astype("category")
    kept = data[[facet] + [c for c in (label, predicted) if c] + list(features or [])]
    golden = {
        "facet": facet, "facet_values": values, "label": label, "positive_label_values": positive,
        "predicted": predicted, "group": group, "categories": list(categories), "features": features, "types": types}
    for stage, key in ((StageType.PRE_TRAINING, "pre"), (StageType.POST_TRAINING, "post")):
        if key == "post" and not predicted:
            continue
        try:
            golden[key] = bias_report(
                kept, FacetColumn(facet, None if values is None else list(values)),
                LabelColumn(label, data[label], list(positive)), stage,
                LabelColumn(predicted, data[predicted]) if predicted else None, ["all"],
                data[group] if group else None)
        except Exception as error:
            golden[key + "_error"] = str(error)
    text = json.dumps(golden, indent=1, default=float)
    (folder / f"{name}.json").write_text(text.replace("NaN", "null") + "\n")
    print(name, [e["value_or_threshold"] for e in golden.get("pre", [])], golden.get("post_error"), golden.get("pre_error"))


def frame(text):
    rows = [line.split() for line in text.strip().splitlines()]
    return pd.DataFrame({name: [row[k] for row in rows[1:]] for k, name in enumerate(rows[0])})


def numbers(df, *columns):
    for column in columns:
        df[column] = pd.to_numeric(df[column])
    return df


g11 = numbers(frame("f y\na 1\na 1\na 0\na 1\nd 0\nd 1\nd 0\nd 0"), "y")
write("G11", g11, "f", ["d"], "y", [1])
write("G11b", g11, "f", ["d"], "y", [0])
write("G11c", pd.concat([g11] * 5, ignore_index=True), "f", ["d"], "y", [1])

r = np.random.RandomState(7)
n = 60
g12 = pd.DataFrame({
    "x": r.normal(size=n).round(3), "z": r.normal(size=n).round(3), "f": np.where(r.rand(n) < 0.4, "d", "a"),
    "y": (r.rand(n) < 0.5).astype(int)})
g12["p"] = ((g12.x + (g12.f == "a") * 0.5 + r.normal(size=n) * 0.3) > 0.2).astype(int)
write("flips", g12, "f", ["d"], "y", [1], "p", categories=("y", "p"), features=["x", "z"])
write("flips-each", g12, "f", None, "y", [1], "p", categories=("y", "p"), features=["x", "z"])
write("flips-text", g12.assign(t="u"), "f", ["d"], "y", [1], "p", categories=("y", "p"), features=["x", "t"])

missing = g12.assign(g=np.where(np.arange(n) % 3 == 0, "u", "v"), i=np.arange(n) % 7, k=1.0 * (np.arange(n) % 4))
gaps = missing.copy()
gaps.loc[[1, 5, 9], "f"] = None
gaps.loc[[2, 5], "y"] = None
gaps.loc[[3, 8], "g"] = np.nan
gaps.loc[[4, 7], "i"] = np.nan
gaps.loc[[6, 11], "k"] = np.nan
gaps["y"] = gaps["y"].astype("float64")
gaps["t"] = np.where(gaps["y"] == 1, "yes", "no")
gaps.loc[[2, 5], "t"] = None
gaps = gaps.drop(columns="y")
write("missing-facet", gaps, "f", None, "t", ["yes"], group="k")
write("missing-group", gaps, "f", ["d"], "t", ["yes"], group="g")
write("missing-label", gaps, "f", ["d"], "t", ["yes"], group="k")
write("missing-integers", gaps, "i", [3], "t", ["yes"], group="k")
write("missing-reals", gaps, "k", [1.5], "t", ["yes"])

kinds = missing.assign(b=np.arange(n) % 3 == 0, w=[str(v % 9) for v in range(n)], q=(np.arange(n) % 5).astype(float))
kinds["pred"] = np.where(kinds.p == 1, "yes", "no")
kinds["t"] = np.where(kinds.y == 1, "yes", "no")
kinds.loc[::7, "t"] = "maybe"
write("flags", kinds, "b", None, "t", ["yes"], group="i")
write("flag", kinds, "b", [True], "t", ["yes"], group="i")
write("texts-of-numbers", kinds, "w", ["4"], "t", ["yes"], group="g")
write("reals-of-classes", kinds, "q", [2], "t", ["yes"], group="g")
write("several-thresholds", kinds, "i", [2, 4], "t", ["yes"], group="g")
write("no-threshold", kinds, "q", None, "t", ["yes"], group="g")
write("three-classes", kinds, "f", None, "t", ["yes", "maybe"], "pred", "g", features=["x"])
write("other-kinds", kinds, "f", ["d"], "t", ["yes"], "p", "g", features=["x"])
write("no-acceptance", kinds.assign(none="no"), "f", ["d"], "t", ["yes"], "none", "g", features=["x"])
write("beyond", kinds, "i", [6], "t", ["yes"], group="g")
write("unknown-value", kinds, "f", ["z"], "t", ["yes"], "pred", "g", features=["x"])
write("unknown-outcome", kinds, "f", ["d"], "t", ["never"], group="g")
write("income", kinds.assign(v=(r.rand(n) * 50).round(2)), "i", [3], "v", [25.0], group="g")

for seed in range(12):
    r = np.random.RandomState(100 + seed)
    n = int(r.randint(25, 400))
    f = r.choice(list("abcd")[: r.randint(2, 5)], n)
    y = (r.rand(n) < 0.2 + 0.15 * (f == "a")).astype(int)
    p = np.where(r.rand(n) < 0.25, 1 - y, y)
    df = pd.DataFrame({"f": f, "y": y, "p": p, "g": r.choice(list("uvw"), n), "x": r.normal(size=n)})
    write(f"random-{seed}", df, "f", None if seed % 2 else ["a"], "y", [1], "p", "g", ("y", "p"), ["x"])
