//! Log-in with a provider that people have an account at (OpenID Connect Core 1.0): a small client of our own.
