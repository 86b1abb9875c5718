"""What Transformers itself makes of a text: `python reference.py MODEL SOURCE TARGET TEXT`."""

import sys

import transformers

folder, source, target, text = sys.argv[1:]
tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
model = transformers.AutoModelForSeq2SeqLM.from_pretrained(folder).eval()
options = {}
if source:
    tokenizer.src_lang = source
    options["forced_bos_token_id"] = tokenizer.convert_tokens_to_ids(target)
output = model.generate(
    **tokenizer(text, return_tensors="pt"), num_beams=1, max_new_tokens=12, **options
)
print(tokenizer.decode(output[0], skip_special_tokens=True))
