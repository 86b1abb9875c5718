"""Tiny random models, saved as the real ones are: `python tiny.py FOLDER`, in the extra's venv."""

import argparse
import json
import sys
from pathlib import Path

import sentencepiece
import torch
import transformers
from tokenizers import Tokenizer, decoders, pre_tokenizers
from tokenizers.models import Unigram
from transformers.models.m2m_100.tokenization_m2m_100 import FAIRSEQ_LANGUAGE_CODES

TEXT = Path(__file__).parents[3] / "LICENSE"
SIZES = {
    "d_model": 16,
    "encoder_layers": 1,
    "decoder_layers": 1,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 2,
    "encoder_ffn_dim": 32,
    "decoder_ffn_dim": 32,
    "max_position_embeddings": 1024,
}
CARD = "---\nlanguage:\n- en\n- fr\nlicense: apache-2.0\n---\n\n# Tiny\n"
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")


def train_pieces(path):
    """A SentencePiece model of 300 pieces; returns those that are no special tokens."""
    prefix = str(path.with_suffix(""))
    sentencepiece.SentencePieceTrainer.train(
        input=str(TEXT), model_prefix=prefix, vocab_size=300, minloglevel=2
    )
    Path(f"{prefix}.model").rename(path)
    Path(f"{prefix}.vocab").unlink()
    processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
    pieces = map(processor.id_to_piece, range(processor.get_piece_size()))
    return [piece for piece in pieces if piece not in SPECIAL]


def save(folder, model, vocabulary=None, **tokenizer):
    model.save_pretrained(folder)
    (folder / "README.md").write_text(CARD)
    (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer))
    if vocabulary:
        ids = {token: index for index, token in enumerate(vocabulary)}
        (folder / "vocab.json").write_text(json.dumps(ids))


def make_opus(folder, extra=()):
    folder.mkdir(parents=True)
    pieces = train_pieces(folder / "source.spm")
    train_pieces(folder / "target.spm")
    vocabulary = ["</s>", "<unk>", *extra, *pieces, "<pad>"]
    pad = len(vocabulary) - 1
    config = transformers.MarianConfig(
        vocab_size=len(vocabulary),
        pad_token_id=pad,
        decoder_start_token_id=pad,
        eos_token_id=0,
        forced_eos_token_id=0,
        static_position_embeddings=True,
        scale_embedding=True,
        activation_function="swish",
        **SIZES,
    )
    save(folder, transformers.MarianMTModel(config), vocabulary, tokenizer_class="MarianTokenizer")


def make_m2m(folder):
    folder.mkdir(parents=True)
    vocabulary = [*SPECIAL, *train_pieces(folder / "sentencepiece.bpe.model")]
    languages = [f"__{code}__" for code in FAIRSEQ_LANGUAGE_CODES["m2m100"]]
    config = transformers.M2M100Config(
        vocab_size=len(vocabulary) + len(languages) + 8, **SIZES
    )  # 8: the "made-up words" that fairseq pads with
    model = transformers.M2M100ForConditionalGeneration(config)
    save(folder, model, vocabulary, tokenizer_class="M2M100Tokenizer")
    tokens = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
    tokens["additional_special_tokens"] = languages
    (folder / "special_tokens_map.json").write_text(json.dumps(tokens))


def make_nllb(folder):
    folder.mkdir(parents=True)
    pieces = train_pieces(folder / "sentencepiece.bpe.model")
    fast = Tokenizer(Unigram([(token, -1.0) for token in [*SPECIAL, *pieces]], unk_id=3))
    fast.pre_tokenizer = pre_tokenizers.Metaspace()
    fast.decoder = decoders.Metaspace()
    tokenizer = transformers.NllbTokenizerFast(tokenizer_object=fast)
    config = transformers.M2M100Config(vocab_size=len(tokenizer), **SIZES)
    save(folder, transformers.M2M100ForConditionalGeneration(config))
    tokenizer.save_pretrained(folder)


def make_opennmt(folder):
    """As OpenNMT-py 3 saves: weights by its names, options in a Namespace, plain vocabularies."""
    folder.mkdir(parents=True)
    vocabulary = ["<blank>", "<unk>", "<s>", "</s>", *train_pieces(folder / "spm.model")]
    options = argparse.Namespace(
        encoder_type="transformer",
        decoder_type="transformer",
        self_attn_type="scaled-dot",
        pos_ffn_activation_fn="relu",
        max_relative_positions=0,
        position_encoding=True,
        feat_merge="concat",
        src_vocab_threshold=0,
        enc_layers=1,
        dec_layers=1,
        heads=2,
        num_kv=0,
        parallel_residual=False,
        multiquery=False,
        add_qkvbias=True,
        add_ffnbias=True,
        layer_norm="standard",
    )
    checkpoint = {
        "model": opennmt_weights(len(vocabulary)),
        "generator": {
            "weight": torch.randn(len(vocabulary), 16),
            "bias": torch.zeros(len(vocabulary)),
        },
        "vocab": {"src": vocabulary, "tgt": vocabulary, "data_task": "seq2seq"},
        "opt": options,
    }
    torch.save(checkpoint, folder / "en_fr.pt")


def opennmt_weights(size):
    encoder, decoder = "encoder.transformer.0", "decoder.transformer_layers.0"
    attentions = [f"{encoder}.self_attn", f"{decoder}.self_attn", f"{decoder}.context_attn"]
    norms = ["encoder.layer_norm", "decoder.layer_norm", f"{encoder}.layer_norm"]
    norms += [f"{decoder}.layer_norm_1", f"{decoder}.layer_norm_2"]
    weights = {}
    for side in ("encoder", "decoder"):
        weights[f"{side}.embeddings.make_embedding.emb_luts.0.weight"] = torch.randn(size, 16)
        weights[f"{side}.embeddings.make_embedding.pe.pe"] = torch.randn(1024, 1, 16)
    for layer in (encoder, decoder):
        weights |= linear_weights(f"{layer}.feed_forward.w_1.", 16, 32)
        weights |= linear_weights(f"{layer}.feed_forward.w_2.", 32, 16)
        norms.append(f"{layer}.feed_forward.layer_norm")
    for attention in attentions:
        for linear in ("linear_query", "linear_keys", "linear_values", "final_linear"):
            weights |= linear_weights(f"{attention}.{linear}.", 16, 16)
    for norm in norms:
        weights |= {f"{norm}.weight": torch.ones(16), f"{norm}.bias": torch.zeros(16)}
    return weights


def linear_weights(prefix, inputs, outputs):
    return {f"{prefix}weight": torch.randn(outputs, inputs), f"{prefix}bias": torch.zeros(outputs)}


def main(folder):
    torch.manual_seed(1)
    make_opus(folder / "opus-mt-en-fr")
    make_opus(folder / "opus-mt-en-roa", extra=[">>fra<<", ">>spa<<", ">>por<<"])
    make_m2m(folder / "m2m100")
    make_nllb(folder / "nllb-200")
    make_opennmt(folder / "opennmt")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
