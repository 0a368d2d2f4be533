"""The parts of the reader: words, sentences, actors, attribution, time, items."""
