"""Ideal points: kernels against brute force, recovery of simulated truth, invariants."""

from __future__ import annotations

import dataclasses

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from blocs.alignment.ideal_points import IdealPoints, fit_ideal_points
from blocs.alignment.irt.bridging import wording
from blocs.alignment.irt.curvature import factor, item_blocks, node_variance, solve
from blocs.alignment.irt.density import log_density
from blocs.alignment.irt.design import Design, build_design
from blocs.alignment.irt.identification import standardise, unit_scale
from blocs.alignment.irt.item_prior import item_log_prior
from blocs.alignment.irt.laplace import fit_mode
from blocs.alignment.irt.likelihood_slope import likelihood_slope
from blocs.alignment.irt.ordinal_probit import Terms, ballot_terms
from blocs.alignment.irt.posterior import effective_size
from blocs.alignment.irt.random_walk import build_walk, walk_diagonal, walk_gradient
from blocs.alignment.irt.ridge import build_ridge, ridge_gradient, walk_ridge
from blocs.errors import BadInput, UnknownName

WORDS = {1: "yes", 2: "abstain", 3: "no"}


def simulate(
    *, states: int = 40, sessions: int = 10, items: int = 25, seed: int = 0, step: float = 0.2
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Draw ballots from the model, and the truth (mean 0, variance 1)."""
    rng = np.random.default_rng(seed)
    theta = np.cumsum(
        np.vstack([rng.normal(size=states), step * rng.normal(size=(sessions - 1, states))]), axis=0
    )
    theta = (theta - theta.mean()) / theta.std()
    beta, cut = rng.normal(size=(sessions, items)), rng.normal(size=(sessions, items))
    upper = cut + rng.gamma(2, 0.25, size=cut.shape)
    z = theta[:, :, None] * beta[:, None, :] + rng.normal(size=(sessions, states, items))
    code = 1 + (z > cut[:, None, :]) + (z > upper[:, None, :])
    t, i, v = (x.ravel() for x in np.indices(code.shape))
    anchor = theta.mean(axis=0).argmax()
    name = np.array([f"S{k:02d}" for k in range(states)])
    name[anchor] = "USA"
    ballots = pl.DataFrame(
        {"actor": name[i], "session": t + 30, "item": v, "code": code.ravel()}
    ).with_columns(
        rollcall=pl.format("{}/{}", "session", "item"),
        vote=pl.col("code").replace_strict(WORDS, return_dtype=pl.String),
    )
    cast = rng.random(ballots.height) < 0.9
    truth = pl.DataFrame(
        {
            "actor": np.tile(name, sessions),
            "session": np.repeat(np.arange(sessions) + 30, states),
            "truth": theta.ravel(),
        }
    )
    return ballots.filter(cast).drop("item", "code"), truth


def small_design(seed: int = 0) -> Design:
    """Six states, five sessions, twelve items of which three bridge, one state with a gap."""
    rng = np.random.default_rng(seed)
    rows = [
        (a, s + 10, v, rng.integers(1, 4))
        for v in range(12)
        for s in ([v % 5] if v < 9 else [v % 5, (v + 2) % 5])
        for a in range(6)
        if rng.random() < 0.8 and not (a == 2 and s in (1, 2))
    ]
    actor, session, item, vote = np.array(rows).T
    return build_design(actor, session, item, vote)


def some_point(design: Design, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=design.n_nodes), rng.normal(size=(design.n_items, 3))


# kernels against brute force


def brute_log_lik(design: Design, theta: np.ndarray, items: np.ndarray) -> float:
    total = 0.0
    for i, v, y in zip(design.node, design.item, design.vote, strict=True):
        beta, c1, d = items[v]
        cuts = [-np.inf, c1, c1 if design.two[v] else c1 + np.exp(d), np.inf]
        total += np.log(
            norm.cdf(cuts[y] - beta * theta[i]) - norm.cdf(cuts[y - 1] - beta * theta[i])
        )
    return total


def test_likelihood_and_gradient_equal_brute_force() -> None:
    design = small_design()
    theta, items = some_point(design)
    terms = ballot_terms(design, theta, items)
    np.testing.assert_allclose(terms.log_lik.sum(), brute_log_lik(design, theta, items), rtol=1e-12)
    h = 1e-6
    for k in range(design.n_nodes):
        step = h * (np.arange(design.n_nodes) == k)
        slope = brute_log_lik(design, theta + step, items) - brute_log_lik(
            design, theta - step, items
        )
        np.testing.assert_allclose(terms.node_gradient[k], slope / (2 * h), rtol=1e-5, atol=1e-6)


def test_slope_alone_equals_that_of_all_terms() -> None:
    design = small_design()
    theta, items = some_point(design)
    for far in (1.0, 40.0):
        terms, slope = (f(design, theta, far * items) for f in (ballot_terms, likelihood_slope))
        for name in ("log_lik", "item_gradient", "node_gradient"):
            np.testing.assert_allclose(getattr(slope, name), getattr(terms, name), rtol=1e-10)


def dense_curvature(design: Design, terms: Terms, items: np.ndarray) -> np.ndarray:
    n, walk = design.n_nodes, design.walk
    H = np.zeros((n + 3 * design.n_items,) * 2)
    H[np.arange(n), np.arange(n)] = terms.node_curvature + walk_diagonal(walk)
    for k in np.flatnonzero(walk.prev >= 0):
        H[k, walk.prev[k]] = H[walk.prev[k], k] = -walk.precision[k]
    for v, block in enumerate(item_blocks(design, terms, items)):
        H[n + 3 * v : n + 3 * v + 3, n + 3 * v : n + 3 * v + 3] = block
    for i, v, cross in zip(design.node, design.item, terms.cross, strict=True):
        H[i, n + 3 * v : n + 3 * v + 3] += cross
        H[n + 3 * v : n + 3 * v + 3, i] += cross
    return H


def test_arrow_factor_equals_dense_algebra() -> None:
    design = small_design()
    theta, items = some_point(design)
    terms = ballot_terms(design, 0.1 * theta, 0.1 * items)
    H = dense_curvature(design, terms, items)
    H[np.arange(design.n_nodes), np.arange(design.n_nodes)] += 30.0
    assert design.n_local < design.n_items
    assert not design.observed.all()
    curve = factor(design, terms, items, damping=30.0)
    x, y = solve(curve, theta, items)
    np.testing.assert_allclose(
        np.r_[x, y.ravel()], np.linalg.solve(H, np.r_[theta, items.ravel()]), rtol=1e-9, atol=1e-11
    )
    np.testing.assert_allclose(
        node_variance(curve), np.diag(np.linalg.inv(H))[: design.n_nodes], rtol=1e-9
    )


def test_curvature_is_the_second_derivative_at_the_mode() -> None:
    design = small_design()
    mode = fit_mode(design, tolerance=1e-9)
    H = dense_curvature(design, ballot_terms(design, mode.theta, mode.items), mode.items)

    def gradient(x: np.ndarray) -> np.ndarray:
        theta, items = x[: design.n_nodes], x[design.n_nodes :].reshape(-1, 3)
        terms = ballot_terms(design, theta, items)
        g = terms.node_gradient + walk_gradient(design.walk, theta)[1]
        return np.r_[g, (terms.item_gradient + item_log_prior(items, design.two)[1]).ravel()]

    x, h = np.r_[mode.theta, mode.items.ravel()], 1e-5
    rows = [gradient(x + h * e) - gradient(x - h * e) for e in np.eye(x.size)]
    np.testing.assert_allclose(-np.array(rows) / (2 * h), H, atol=2e-3)


def test_density_gradient_along_the_ridge() -> None:
    design = small_design()
    ridge = build_ridge(design, *some_point(design))
    a, b = some_point(design, 2)
    u, v = some_point(design, 3)

    def value(h: float) -> float:
        point = walk_ridge(ridge, 0.1 * a + h * u, 0.1 * b + h * v)
        return log_density(design, point.theta, point.items, (1.0, 2.0))[0] + point.log_jacobian

    point = walk_ridge(ridge, 0.1 * a, 0.1 * b)
    _, g, k = log_density(design, point.theta, point.items, (1.0, 2.0))
    g, k = ridge_gradient(ridge, point, g, k)
    np.testing.assert_allclose(
        (value(1e-6) - value(-1e-6)) / 2e-6, g @ u + np.sum(k * v), rtol=1e-6
    )


def test_standardising_keeps_every_probability() -> None:
    design = small_design()
    theta, items = some_point(design)
    moved = standardise(design, theta, items)
    np.testing.assert_allclose(
        ballot_terms(design, *moved).log_lik, ballot_terms(design, theta, items).log_lik, rtol=1e-10
    )


# the walk


def test_walk_by_hand() -> None:
    # One state votes twice in sessions 0 and 1, four times in session 4; another fills 2, 3.
    actor = np.array([0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
    when = np.array([0, 0, 1, 1, 4, 4, 4, 4, 2, 3])
    walk, node = build_walk(actor, when, 0.5)
    own = walk.actor == 0
    assert walk.session[own].tolist() == [0, 1, 2, 3, 4]
    # 0.5 * 2 / (2 + 2) = 1/4; the gap's 0.5 * 4 / (4 + 2) = 1/3 is split over three steps.
    np.testing.assert_allclose(walk.precision[own], [0.01, 4, 9, 9, 9])
    assert np.bincount(node, minlength=walk.prev.size)[own].tolist() == [2, 2, 0, 0, 4]


# wording


def test_same_wording_bridges_sessions() -> None:
    title = "Prevention of an arms race in outer space"
    frame = pl.DataFrame(
        {
            "rollcall": ["a", "b", "c", "d", "e", "f"],
            "session": [40, 41, 42, 42, 50, 51],
            "title": [title, f"{title} : resolution / adopted", title, title, title.upper(), None],
        }
    )
    # Twice in session 42 is ambiguous, session 50 is too far from 41, a null never bridges.
    assert wording(frame).to_list() == ["a", "a", "c", "d", "e", "f"]


def test_a_text_described_anew_bridges_neighbouring_sessions() -> None:
    """Descriptions as clerks wrote them: other words around the same matter."""
    atoms = "TO AGAIN URGE THE UNION TO SIGN AND RATIFY PROTOCOL TWO OF THE TREATY OF TLATELOLCO"
    again = "TO URGE ONCE MORE THE UNION TO SIGN AND RATIFY THE PROTOCOL OF THE TLATELOLCO TREATY"
    belize = "TO REAFFIRM THE INALIENABLE RIGHT OF THE PEOPLE OF BELIZE TO SELF-DETERMINATION"
    other = [f"TO APPROVE THE REPORT ON MATTER {w} OF THE COMMITTEE" for w in "ABCDEFGH"]
    frame = pl.DataFrame(
        {
            "rollcall": [f"{k:02d}" for k in range(12)],
            "session": [30] * 6 + [31] * 6,
            "title": [atoms, belize, *other[:4], again, *other[4:], atoms.replace("AGAIN", "")],
            "para": [False] * 11 + [True],
        }
    )
    found = wording(frame).to_list()
    assert found[6] == "00"
    # Belize is not described again, reports say too little, a vote on a part is no bridge.
    assert [k for k in range(12) if found[k] != f"{k:02d}"] == [6]
    late = frame.with_columns(pl.col("session").replace(31, 33))
    assert wording(late).to_list() == late["rollcall"].to_list()


def test_no_two_votes_of_a_session_become_one() -> None:
    title = "Prevention of an arms race in outer space and of weapons there"
    frame = pl.DataFrame(
        {
            "rollcall": ["a", "b", "c"],
            "session": [40, 41, 41],
            "title": [title, title, f"{title} by all States"],
        }
    )
    assert wording(frame).to_list() == ["a", "a", "c"]


def test_a_given_wording_replaces_the_titles() -> None:
    ballots, _ = simulate(states=12, sessions=4, items=12)
    given_too = ballots.with_columns(
        wording=pl.when(pl.col("rollcall").str.ends_with("/3")).then(pl.lit("yearly"))
    )
    assert fit_ideal_points(given_too).items == fit_ideal_points(ballots).items - 3
    assert same(fit_ideal_points(given_too, bridge=False), fit_ideal_points(ballots))


# recovery


@pytest.fixture(scope="module")
def world() -> tuple[pl.DataFrame, pl.DataFrame, IdealPoints]:
    ballots, truth = simulate()
    return ballots, truth, fit_ideal_points(ballots)


def test_truth_is_recovered_and_covered() -> None:
    hits, errors = [], []
    for seed in range(4):
        ballots, truth = simulate(seed=seed, step=0.4)
        points = fit_ideal_points(ballots)
        both = points.table().join(truth, on=["actor", "session"])
        assert points.converged
        assert np.corrcoef(both["mean"], both["truth"])[0, 1] > 0.93
        hits.append(both.select(pl.col("truth").is_between("low", "high").mean()).item())
        errors.append(both.select((pl.col("mean") - pl.col("truth")).mean()).item())
    assert 0.87 <= np.mean(hits) <= 0.93
    np.testing.assert_allclose(errors, 0, atol=1e-9)


def test_positions_have_mean_zero_and_variance_one(
    world: tuple[pl.DataFrame, pl.DataFrame, IdealPoints],
) -> None:
    points = world[2]
    np.testing.assert_allclose([points.mean.mean(), points.mean.std()], [0, 1], atol=1e-12)
    assert points.mean[[a == "USA" for a in points.actor]].mean() > 0
    assert (points.low < points.mean).all()
    assert (points.mean < points.high).all()


def test_draws_agree_with_the_gaussian() -> None:
    ballots, truth = simulate(states=16, sessions=3, items=20)
    fast = fit_ideal_points(ballots)
    slow = fit_ideal_points(ballots, method="posterior", burn=40)
    assert slow.converged
    sd = (slow.high - slow.low) / 3.29
    assert np.sqrt(np.mean(((fast.mean - slow.mean) / sd) ** 2)) < 0.35
    # In so small a world the Gaussian is 6 % wider (600 draws); bounds of 100 are worth 3 %.
    np.testing.assert_allclose(
        np.median((fast.high - fast.low) / (slow.high - slow.low)), 1.06, atol=0.08
    )
    both = slow.table().join(truth, on=["actor", "session"])
    assert 0.8 <= both.select(pl.col("truth").is_between("low", "high").mean()).item() <= 0.98


def test_published_sampler_is_close_to_the_smoother() -> None:
    ballots, truth = simulate(states=25, sessions=5, items=20)
    points = fit_ideal_points(ballots, method="bsv", burn=30, draws=60)
    both = points.table().join(truth, on=["actor", "session"])
    assert np.corrcoef(both["mean"], both["truth"])[0, 1] > 0.9
    assert np.corrcoef(points.mean, fit_ideal_points(ballots).mean)[0, 1] > 0.97


def test_effective_size_of_an_autoregression() -> None:
    rng = np.random.default_rng(0)
    x = np.zeros((4000, 20))
    for t in range(1, len(x)):
        x[t] = 0.6 * x[t - 1] + rng.normal(size=20)
    # n (1 - rho) / (1 + rho) = 1000
    np.testing.assert_allclose(effective_size(x).mean(), 1000, rtol=0.1)


def test_binary_mode_counts_an_abstention_as_a_no(
    world: tuple[pl.DataFrame, pl.DataFrame, IdealPoints],
) -> None:
    ballots, truth, _ = world
    points = fit_ideal_points(ballots, categories=2)
    merged = ballots.with_columns(pl.col("vote").replace("abstain", "no"))
    assert points.table().equals(fit_ideal_points(merged).table())
    both = points.table().join(truth, on=["actor", "session"])
    assert np.corrcoef(both["mean"], both["truth"])[0, 1] > 0.9


# invariants


def same(a: IdealPoints, b: IdealPoints) -> bool:
    return a.table().equals(b.table())


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_order_of_rows_does_not_matter_to_the_byte(seed: int) -> None:
    ballots, _ = simulate(states=12, sessions=4, items=12)
    assert same(
        fit_ideal_points(ballots),
        fit_ideal_points(ballots.sample(fraction=1, shuffle=True, seed=seed)),
    )


def test_draws_are_deterministic() -> None:
    ballots, _ = simulate(states=10, sessions=3, items=10)
    for method in ("posterior", "bsv"):
        first, second = (
            fit_ideal_points(ballots, method=method, burn=5, draws=10)  # type: ignore[arg-type]
            for _ in range(2)
        )
        assert same(first, second)


def test_names_of_states_and_of_yes_do_not_matter() -> None:
    ballots, _ = simulate(states=12, sessions=4, items=15)
    points = fit_ideal_points(ballots).table()
    renamed = ballots.with_columns(
        pl.col("actor").str.replace("S0", "Z0"), pl.col("vote").replace({"yes": "no", "no": "yes"})
    )
    other = fit_ideal_points(renamed).table().with_columns(pl.col("actor").str.replace("Z0", "S0"))
    both = points.join(other, on=["actor", "session"])
    # The draws that place the mean meet other states under other names.
    assert both.height == points.height
    assert np.corrcoef(both["mean"], both["mean_right"])[0, 1] > 0.998


def test_anchor_sets_the_sign(world: tuple[pl.DataFrame, pl.DataFrame, IdealPoints]) -> None:
    ballots, _, points = world
    means = points.table().group_by("actor").agg(pl.col("mean").mean()).sort("mean")
    turned = fit_ideal_points(ballots, anchor=means["actor"][0])
    np.testing.assert_array_equal(turned.mean, -points.mean)
    np.testing.assert_array_equal(turned.low, -points.high)


def test_absences_and_unanimous_votes_change_nothing() -> None:
    ballots, _ = simulate(states=12, sessions=4, items=12)
    actors = ballots["actor"].unique(maintain_order=True)
    more = pl.DataFrame({"actor": actors}).with_columns(
        session=pl.lit(31, pl.Int64), rollcall=pl.lit("31/all"), vote=pl.lit("yes")
    )
    away = more.head(3).with_columns(rollcall=pl.lit("31/0b"), vote=pl.lit("absent"))
    extended = pl.concat([ballots, more.select(ballots.columns), away.select(ballots.columns)])
    assert same(fit_ideal_points(ballots), fit_ideal_points(extended))


def test_parts_of_resolutions_count_until_1989_only() -> None:
    ballots, _ = simulate(states=12, sessions=4, items=12)
    late = ballots.with_columns(session=pl.col("session") + 13)  # 43 .. 46
    extra = late.with_columns(rollcall=pl.format("{}/para", "rollcall"), para=pl.lit(value=True))
    both = pl.concat([late.with_columns(para=pl.lit(value=False)), extra])
    n = fit_ideal_points(both).table().group_by("session").agg(pl.col("n").sum()).sort("session")
    alone = fit_ideal_points(late).table().group_by("session").agg(pl.col("n").sum())
    ratio = n.join(alone, on="session").sort("session").select(pl.col("n") / pl.col("n_right"))
    assert ratio.to_series().to_list() == [2, 2, 1, 1]


def test_wider_level_wider_interval(world: tuple[pl.DataFrame, pl.DataFrame, IdealPoints]) -> None:
    wide = fit_ideal_points(world[0], level=0.99)
    assert (wide.high - wide.low > world[2].high - world[2].low).all()


def test_issue_points_use_flagged_votes_only() -> None:
    ballots, _ = simulate(states=12, sessions=4, items=20)
    flagged = ballots.with_columns(me=pl.col("rollcall").str.ends_with("1"))
    points = fit_ideal_points(flagged.with_columns(nu=None), issues=["me", "nu"])
    assert points.items == flagged.filter("me")["rollcall"].n_unique()


def test_result_is_frozen(world: tuple[pl.DataFrame, pl.DataFrame, IdealPoints]) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        world[2].level = 0.5  # type: ignore[misc]


# bad input


def line(actor: str, votes: str, session: int = 70, prefix: str = "") -> list[dict[str, object]]:
    word = {"y": "yes", "n": "no", "a": "abstain", "-": "absent"}
    return [
        {"actor": actor, "session": session, "rollcall": f"{prefix}{k}", "vote": word[v]}
        for k, v in enumerate(votes)
    ]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (line("USA", "yny"), "at least two states"),
        (line("USA", "yyy") + line("GBR", "yyy"), "at least two states"),
        (line("USA", "---"), "no ballot is left"),
        (line("USA", "yn") + line("USA", "yn") + line("GBR", "ny"), "USA voted twice"),
        (
            line("USA", "yn")
            + line("GBR", "ny")
            + line("CUB", "yn", prefix="x")
            + line("RUS", "ny", prefix="x"),
            "no chain of common votes",
        ),
    ],
)
def test_what_cannot_be_fitted_is_refused(rows: list[dict[str, object]], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        fit_ideal_points(pl.DataFrame(rows))


def test_unknown_words_are_refused() -> None:
    ballots = pl.DataFrame(line("USA", "yn") + line("GBR", "ny"))
    with pytest.raises(BadInput, match="unknown vote 'maybe'"):
        fit_ideal_points(ballots.with_columns(vote=pl.lit("maybe")))
    with pytest.raises(BadInput, match="lack the column 'session'"):
        fit_ideal_points(ballots.drop("session"))
    with pytest.raises(UnknownName, match="anchor state 'FRA'"):
        fit_ideal_points(ballots, anchor="FRA")
    with pytest.raises(UnknownName, match="method 'mcmc'"):
        fit_ideal_points(ballots, method="mcmc")  # type: ignore[arg-type]
    with pytest.raises(UnknownName, match="issue 'oil'"):
        fit_ideal_points(ballots, issues=["oil"])
    with pytest.raises(BadInput, match="level is 90"):
        fit_ideal_points(ballots, level=90)
    with pytest.raises(BadInput, match="categories is 4"):
        fit_ideal_points(ballots, categories=4)
    with pytest.raises(BadInput, match="vote code 8"):
        build_design(np.array([0]), np.array([0]), np.array([0]), np.array([8]))


def test_unit_scale_counts_voting_nodes_only() -> None:
    design = small_design()
    scaled = unit_scale(design, some_point(design)[0])
    np.testing.assert_allclose(scaled[design.observed].mean(), 0, atol=1e-12)
    np.testing.assert_allclose(scaled[design.observed].std(), 1)
