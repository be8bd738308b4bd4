//! Chinese and English text: rules that classify a request.
