"""What a registry can be asked for, one class a subject; `Registry` is all of them."""
