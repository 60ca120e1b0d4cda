//! What is done with Chinese free text, purely: personal data in it is found and masked (Art. 16).

pub mod masking;
