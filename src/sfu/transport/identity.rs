//! The certificate that every transport of one engine shows: making one for each would cost 0.2 ms and say nothing more.

use rtc::crypto::SignatureScheme;
use rtc::peer_connection::certificate::{CertificateParams, RTCCertificate};

use super::TransportError;
use crate::sfu::negotiation::Fingerprint;

/// Who we are to DTLS.
pub(in crate::sfu) struct Identity {
    pub(super) certificate: RTCCertificate,
    pub(in crate::sfu) fingerprint: Fingerprint,
}

impl Identity {
    /// A fresh self-signed certificate (ECDSA P-256).
    pub(in crate::sfu) fn generate() -> Result<Self, TransportError> {
        let failed = |error: &dyn std::fmt::Display| TransportError(error.to_string());
        let crypto = rtc::crypto::default_provider().map_err(|error| failed(&error))?;
        let parameters = CertificateParams::new(vec!["moodcall".to_owned()]).map_err(|error| failed(&error))?;
        let certificate = RTCCertificate::generate(crypto.crypto(), SignatureScheme::EcdsaP256Sha256, parameters)?;
        let fingerprint = certificate
            .get_fingerprints(crypto.crypto())?
            .into_iter()
            .next()
            .map(|found| Fingerprint { algorithm: found.algorithm, value: found.value.to_ascii_uppercase() })
            .ok_or_else(|| failed(&"a certificate without a fingerprint"))?;
        Ok(Self { certificate, fingerprint })
    }
}
