"""Train the reader: ``python -m analysis.reader.train --gold FOLDER --out FOLDER`` (extra ``train``).

First a large teacher learns from gold labels, then a small student from gold labels and from what the teacher thinks of
every word (Hinton, Vinyals and Dean 2015), then its weights are cut to 8 bits. Each stage leaves a file and is skipped where it
is there, so that an interrupted training goes on.
"""

import argparse
import hashlib
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch.nn import functional

from analysis import lexicons
from analysis.reader import gold, labels
from analysis.reader.export import export
from analysis.reader.network import LARGE, SMALL, Network, base
from analysis.reader.pieces import LONGEST, START, STOP, WEIGHTS, Pieces, windows

#: What the teacher's scores are kept of; its threats, of which there is little gold, teach less than the gold itself.
SOFT = slice(labels.COLUMNS["roles"].start, labels.COLUMNS["tones"].stop)
_HARDNESS = 2.0  # temperature of the soft labels
#: Whether the processor computes in bfloat16; where it only imitates that, 32 bits are four times as fast.
_IS_SHORT = any(torch.cpu.get_capabilities().get(name) for name in ("avx512_bf16", "amx_bf16"))


class Recipe(NamedTuple):
    """How a network is trained: epochs by corpus, rates, pieces a batch, share of the loss that the teacher's labels have."""

    base: str
    frozen: int
    rate: float
    head_rate: float
    pieces: int
    soft: float
    epochs: dict[str, float]


TEACHER = Recipe(
    LARGE, 4, 7e-5, 1e-3, 2048, 0.0, {"polnear": 1.8, "newsmtsc": 2, "uner": 9, "names": 5, "own": 7}
)
STUDENT = Recipe(
    SMALL, 0, 3e-4, 1e-3, 2048, 0.7, {"polnear": 4.8, "newsmtsc": 6.4, "uner": 24.5, "names": 8.5, "own": 33}
)


class Window(NamedTuple):
    """A stretch of a document as the network sees it."""

    document: gold.Document
    start: int
    end: int


def joined(documents: list[gold.Document]) -> gold.Document:
    """Return documents as one, each a paragraph of its own."""
    at = np.cumsum([0] + [len(d.pieces.ids) for d in documents])
    parts = [np.concatenate([getattr(d.pieces, f) for d in documents]) for f in Pieces._fields]
    soft = [d.soft for d in documents]
    return gold.Document(
        Pieces(*parts),
        np.concatenate([d.roles for d in documents]),
        np.concatenate([d.entities for d in documents]),
        np.concatenate([d.threats for d in documents]),
        np.concatenate([d.categories for d in documents]),
        documents[0].entity_weight,
        [
            (a + n, b + n if b >= 0 else -1, k)
            for n, d in zip(at, documents, strict=False)
            for a, b, k in d.links
        ],
        [
            ([p + n for p in target], tone)
            for n, d in zip(at, documents, strict=False)
            for target, tone in d.tones
        ],
        [
            ([p + n for p in source], kind)
            for n, d in zip(at, documents, strict=False)
            for source, kind in d.types
        ],
        [
            ([p + n for p in asking], [p + n for p in named], kind)
            for n, d in zip(at, documents, strict=False)
            for asking, named, kind in d.points
        ],
        np.concatenate(soft) if all(s is not None for s in soft) else None,  # type: ignore[arg-type]
    )


def _groups(documents: list[gold.Document], rng: random.Random) -> list[gold.Document]:
    """Return single sentences in chance groups of one to six, so that tone is learnt beside other text."""
    order = rng.sample(documents, len(documents))
    groups = []
    while order:
        size = rng.randint(1, 6)
        groups.append(joined(order[:size]))
        order = order[size:]
    return groups


def batches(
    corpora: dict[str, list[gold.Document]], recipe: Recipe, rng: random.Random
) -> list[list[Window]]:
    """Return all batches of a training in their order; windows begin elsewhere each epoch."""
    found: list[list[Window]] = []
    for name, documents in corpora.items():
        wanted = recipe.epochs.get(name, 0)
        while wanted > 0:
            part = rng.sample(documents, round(len(documents) * min(1.0, wanted)))
            wanted -= 1
            whole = _groups(part, rng) if name == "newsmtsc" else part
            cut = [
                Window(d, s, e)
                for d in whole
                for s, e in windows(d.pieces, first=rng.randint(LONGEST // 4, LONGEST))
            ]
            cut.sort(key=lambda w: (w.end - w.start + rng.randint(0, 24), rng.random()))
            batch: list[Window] = []
            for window in cut:
                if batch and (len(batch) + 1) * (window.end - window.start + 2) > recipe.pieces:
                    found.append(batch)
                    batch = []
                batch.append(window)
            found.append(batch)
    rng.shuffle(found)
    return found


_SPANS = ("roles", "entities", "threats", "categories")


class Tensors(NamedTuple):
    """A batch for the network, padded: inputs and the labels of all heads."""

    ids: torch.Tensor
    features: torch.Tensor
    mask: torch.Tensor
    roles: torch.Tensor
    entities: torch.Tensor
    threats: torch.Tensor
    categories: torch.Tensor
    weight: torch.Tensor
    soft: torch.Tensor | None
    links: torch.Tensor  # (window, asker, answer, kind)
    tones: list[tuple[int, list[int], int]]
    types: list[tuple[int, list[int], int]]
    points: list[tuple[int, list[int], list[int], int]]  # window, asking pieces, answers, kind


def tensors(batch: list[Window]) -> Tensors:
    """Return a batch as tensors; piece ``i`` of a window stands at ``i + 1``, after the mark of its start."""
    n = max(w.end - w.start for w in batch) + 2
    ids, features, mask = (np.zeros((len(batch), n), np.int64) for _ in range(3))
    hard = {name: np.full((len(batch), n), gold.IGNORED, np.int64) for name in _SPANS}
    soft = np.zeros((len(batch), n, SOFT.stop - SOFT.start), np.float32)
    links, tones, types, points = [], [], [], []
    for i, (d, s, e) in enumerate(batch):
        m = e - s
        ids[i, 0], ids[i, m + 1] = START, STOP
        ids[i, 1 : m + 1], features[i, 1 : m + 1], mask[i, : m + 2] = (
            d.pieces.ids[s:e],
            d.pieces.features[s:e],
            1,
        )
        for name, wanted in hard.items():
            wanted[i, 1 : m + 1] = getattr(d, name)[s:e]
        if d.soft is not None:
            soft[i, 1 : m + 1] = d.soft[s:e]
        for asker, answer, kind in d.links:
            if s <= asker < e:
                links.append((i, asker - s + 1, answer - s + 1 if s <= answer < e else 0, kind))
        tones += [
            (i, [p - s + 1 for p in target], t) for target, t in d.tones if all(s <= p < e for p in target)
        ]
        types += [
            (i, [p - s + 1 for p in source], k) for source, k in d.types if all(s <= p < e for p in source)
        ]
        for asking, named, kind in d.points:
            answers = [p - s + 1 for p in named if s <= p < e]
            if all(s <= p < e for p in asking) and bool(answers) == bool(named):
                points.append((i, [p - s + 1 for p in asking], answers or [0], kind))
    return Tensors(
        torch.from_numpy(ids),
        torch.from_numpy(features),
        torch.from_numpy(mask),
        torch.from_numpy(hard["roles"]),
        torch.from_numpy(hard["entities"]),
        torch.from_numpy(hard["threats"]),
        torch.from_numpy(hard["categories"]),
        torch.tensor([w.document.entity_weight for w in batch]),
        torch.from_numpy(soft) if all(w.document.soft is not None for w in batch) else None,
        torch.tensor(links, dtype=torch.long).reshape(-1, 4),
        tones,
        types,
        points,
    )


_WEIGHT = {"roles": 3.0, "entities": 3.0, "threats": 3.0, "categories": 2.0}
_ASKS = (("cue_asks_source", "source"), ("content_asks_cue", "cue"), ("content_asks_source", "source"))


def _taught(x: Tensors, at: slice) -> tuple[torch.Tensor, torch.Tensor] | None:
    """Return which words the teacher scored for a head, and its scores; None where it scored none."""
    if x.soft is None or at.stop > SOFT.stop:
        return None
    words = x.soft[..., at].abs().sum(-1) > 0
    return (words, x.soft[words][:, at]) if words.any() else None


def _apart(mine: torch.Tensor, soft: torch.Tensor) -> torch.Tensor:
    """Return how far scores are from the teacher's: the divergence of the softened probabilities, on the scale of a hard loss."""
    apart = functional.kl_div(
        functional.log_softmax(mine / _HARDNESS, -1),
        functional.softmax(soft / _HARDNESS, -1),
        reduction="batchmean",
    )
    return _HARDNESS**2 * apart


def loss_of(scores: torch.Tensor, x: Tensors, share: float) -> torch.Tensor:
    """Return the loss of a batch: cross-entropy with gold labels, and with the teacher's where ``share`` is above 0."""
    scores = scores.float()
    part = {name: scores[..., at] for name, at in labels.COLUMNS.items()}
    total = scores.sum() * 0.0
    for name in _SPANS:
        wanted, taught = getattr(x, name), _taught(x, labels.COLUMNS[name]) if share else None
        known = (wanted != gold.IGNORED).float()
        if known.any():
            each = functional.cross_entropy(
                part[name].transpose(1, 2), wanted, ignore_index=gold.IGNORED, reduction="none"
            )
            weight = x.weight[:, None] if name == "entities" else 1.0
            own_share = 1 - share if taught else 1.0
            total = total + own_share * (each * weight).sum() / known.sum() * _WEIGHT[name]
        if taught:
            words, soft = taught
            total = total + share * _WEIGHT[name] * _apart(part[name][words], soft)
    for kind, (asks, answers) in enumerate(_ASKS):
        rows = x.links[x.links[:, 3] == kind]
        if len(rows):
            asking = part[asks][rows[:, 0], rows[:, 1]]
            match = torch.einsum("nd,nld->nl", asking, part[answers][rows[:, 0]])
            match = match.masked_fill(x.mask[rows[:, 0]] == 0, -1e4)
            total = total + 0.3 * functional.cross_entropy(match, rows[:, 2])
    for kind, name in enumerate(labels.POINTS):
        rows_of = [point for point in x.points if point[3] == kind]
        if rows_of:
            asking = torch.stack([part[f"threat_asks_{name}"][i, at].mean(0) for i, at, *_ in rows_of])
            at_window = torch.tensor([i for i, *_ in rows_of])
            match = torch.einsum("nd,nld->nl", asking, part[name][at_window])
            match = functional.log_softmax(match.masked_fill(x.mask[at_window] == 0, -1e4), -1)
            right = [match[n, answers].logsumexp(0) for n, (_, _, answers, _) in enumerate(rows_of)]
            total = total - 0.3 * torch.stack(right).mean()
    if x.tones:
        mine = torch.stack([part["tones"][i, at].mean(0) for i, at, _ in x.tones])
        hard = functional.cross_entropy(mine, torch.tensor([t for *_, t in x.tones]))
        if share and x.soft is not None:
            soft = torch.stack([x.soft[i, at][:, labels.COLUMNS["tones"]].mean(0) for i, at, _ in x.tones])
            hard = (1 - share) * hard + share * _apart(mine, soft)
        total = total + hard
    if x.types:
        mine = torch.stack([part["types"][i, at].mean(0) for i, at, _ in x.types])
        total = total + 0.5 * functional.cross_entropy(mine, torch.tensor([k for *_, k in x.types]))
    return total


def train(
    corpora: dict[str, list[gold.Document]], recipe: Recipe, cache: Path, name: str, seed: int
) -> Network:
    """Train a network by a recipe, with a checkpoint in ``cache`` every five minutes; return it."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    network = Network(base(recipe.base, cache), recipe.frozen)
    plan = batches(corpora, recipe, rng)
    slow = [p for n, p in network.named_parameters() if p.requires_grad and n.startswith("encoder.")]
    fast = [p for n, p in network.named_parameters() if p.requires_grad and not n.startswith("encoder.")]
    groups = [{"params": slow, "lr": recipe.rate}, {"params": fast, "lr": recipe.head_rate}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [recipe.rate, recipe.head_rate], total_steps=len(plan) + 1, pct_start=0.08
    )
    done, halfway = 0, cache / f"{name}.part.pt"
    if halfway.exists():
        saved = torch.load(halfway, weights_only=True)
        network.load_state_dict(saved["network"])
        optimiser.load_state_dict(saved["optimiser"])
        done = saved["done"]
        for _ in range(done):
            schedule.step()
    network.train()
    for part in network.frozen:
        part.eval()
    begun, seen, mean, kept = time.monotonic(), 0, 0.0, time.monotonic()
    for step in range(done, len(plan)):
        x = tensors(plan[step])
        with torch.autocast("cpu", torch.bfloat16, enabled=_IS_SHORT):
            scores = network(x.ids, x.features, x.mask)
        loss = loss_of(scores, x, recipe.soft)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(slow + fast, 1.0)
        optimiser.step()
        schedule.step()
        seen += int(x.mask.sum())
        mean += 0.05 * (float(loss.detach()) - mean) if step > done else float(loss.detach())
        if step % 20 == 0:
            rate = seen / (time.monotonic() - begun)
            print(f"{name} {step}/{len(plan)} loss {mean:.3f} {rate:.0f} pieces/s", flush=True)
        if time.monotonic() - kept > 300:
            kept = time.monotonic()
            state = {"network": network.state_dict(), "optimiser": optimiser.state_dict(), "done": step + 1}
            torch.save(state, halfway.with_suffix(".tmp"))
            halfway.with_suffix(".tmp").replace(halfway)
    halfway.unlink(missing_ok=True)
    return network.eval()


@torch.no_grad()
def score(network: Network, pieces: Pieces) -> np.ndarray:
    """Return the scores of a document's pieces: ``(pieces, WIDTH)``."""
    found = [np.zeros((0, labels.WIDTH), np.float32)]
    for s, e in windows(pieces):
        ids = torch.tensor([[START, *pieces.ids[s:e], STOP]])
        features = torch.tensor([[0, *pieces.features[s:e], 0]])
        with torch.autocast("cpu", torch.bfloat16, enabled=_IS_SHORT):
            scores = network(ids, features, torch.ones_like(ids))
        found.append(scores[0, 1:-1].float().numpy())
    return np.concatenate(found)


def _load(folder: Path, own: Path) -> dict[str, list[gold.Document]]:
    return {
        "polnear": gold.polnear(folder / "polnear-train.jsonl.gz"),
        "newsmtsc": [
            gold.document(text, tones=tones)
            for text, tones in gold.newsmtsc(folder / "newsmtsc-train.jsonl.gz")
        ],
        "uner": gold.uner(folder / "uner-ewt-dev.iob2.gz"),
        "own": [d for path in sorted(own.glob("train-*.jsonl")) for d in gold.own(path)]
        + gold.own(own / "demo.jsonl", own.parent / "demo"),
        "names": [d for path in sorted(own.glob("names-*.jsonl")) for d in gold.own(path)],
    }


def _teach(
    network: Network, corpora: dict[str, list[gold.Document]], path: Path
) -> dict[str, list[gold.Document]]:
    """Return the corpora with the teacher's scores of every word, which are kept in the folder ``path``."""
    path.mkdir(parents=True, exist_ok=True)
    for part in network.modules():
        if _IS_SHORT and isinstance(part, torch.nn.Linear):
            part.to(torch.bfloat16)  # once, not anew for each window
    taught: dict[str, list[gold.Document]] = {}
    for name, documents in corpora.items():
        taught[name] = []
        for group in _packed(documents):
            whole = joined(group).pieces
            digest = hashlib.sha256(whole.ids.tobytes() + whole.features.tobytes()).hexdigest()[:16]
            file = path / f"{digest}.npy"
            if not file.exists():
                np.save(
                    file, (score(network, whole)[:, SOFT] * (whole.breaks > 0)[:, None]).astype(np.float16)
                )
            parts = np.split(
                np.load(file).astype(np.float32), np.cumsum([len(d.pieces.ids) for d in group])[:-1]
            )
            taught[name] += [replace(d, soft=part) for d, part in zip(group, parts, strict=True)]
        print(f"labelled {name}: {len(documents)} documents", flush=True)
    return taught


def _packed(documents: list[gold.Document]) -> Iterator[list[gold.Document]]:
    """Yield documents in groups that fill a window, the long ones alone."""
    group: list[gold.Document] = []
    for d in documents:
        if group and sum(len(g.pieces.ids) for g in [*group, d]) > LONGEST:
            yield group
            group = []
        group.append(d)
    if group:
        yield group


def _stage(path: Path, network: Callable[[], Network], recipe: Recipe, cache: Path) -> Network:
    """Return the trained network that lies in ``path``; train and save it where it does not."""
    if path.exists():
        found = Network(base(recipe.base, cache))
        found.load_state_dict(torch.load(path, weights_only=True))
        return found.eval()
    found = network()
    torch.save(found.state_dict(), path)
    return found


def main() -> None:
    """Train teacher and student and write the 8-bit weights."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument(
        "--gold", type=Path, required=True, help="folder of the gold corpora, see the model card"
    )
    arguments.add_argument(
        "--own",
        type=Path,
        default=lexicons.FOLDER.parent / "gold",
        help="folder of the project's own gold data",
    )
    arguments.add_argument(
        "--out", type=Path, default=Path("build/reader"), help="folder for checkpoints and weights"
    )
    arguments.add_argument(
        "--weights", type=Path, default=WEIGHTS / "reader.onnx", help="the 8-bit network to write"
    )
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    corpora = _load(given.gold, given.own)
    teacher = _stage(
        given.out / "teacher.pt",
        lambda: train(corpora, TEACHER, given.out, "teacher", given.seed),
        TEACHER,
        given.out,
    )
    taught = _teach(teacher, corpora, given.out / "labels")
    student = _stage(
        given.out / "student.pt",
        lambda: train(taught, STUDENT, given.out, "student", given.seed),
        STUDENT,
        given.out,
    )
    export(student, given.weights)
    print(
        f"weights in {given.weights}; score them: python -m analysis evaluate --gold {given.gold}", flush=True
    )


if __name__ == "__main__":
    main()
