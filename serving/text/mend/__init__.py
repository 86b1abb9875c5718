"""What is put right before and after the model: masks, capitals, endings, loops."""
