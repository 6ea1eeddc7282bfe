//! Text to tokens to items to syntax trees, item by item, whatever the bytes.
