//! The little that a client reads in the server's descriptions, and changes in them.

use std::collections::HashMap;
use std::net::SocketAddr;

/// Which section each SSRC of a description belongs to (RFC 5576, section 4.1; RFC 5888, section 4).
pub(super) fn sections(sdp: &str) -> HashMap<u32, String> {
    let mut sections = HashMap::new();
    for media in sdp.split("\nm=").skip(1) {
        let Some(mid) = media.lines().find_map(|line| line.trim_end().strip_prefix("a=mid:")) else { continue };
        for line in media.lines() {
            let ssrc = line.strip_prefix("a=ssrc:").and_then(|rest| rest.split([' ', '\r']).next()?.parse().ok());
            if let Some(ssrc) = ssrc {
                sections.insert(ssrc, mid.to_owned());
            }
        }
    }
    sections
}

/// The description with all its candidates at `to`.
pub(super) fn redirected(sdp: &str, to: SocketAddr) -> String {
    let line = |line: &str| {
        // RFC 8839, section 5.1: the fifth and the sixth word are address and port.
        let mut words: Vec<String> = line.split(' ').map(Into::into).collect();
        if line.starts_with("a=candidate:") && words.len() >= 8 {
            (words[4], words[5]) = (to.ip().to_string(), to.port().to_string());
        }
        words.join(" ") + "\r\n"
    };
    sdp.lines().map(line).collect()
}

/// The candidates of a description that listen on TCP, each once and without `a=`.
pub(super) fn tcp_candidates(sdp: &str) -> Vec<String> {
    let lines = sdp.lines().filter_map(|line| line.trim_end().strip_prefix("a="));
    let mut found: Vec<String> = lines
        .filter(|line| line.starts_with("candidate:") && line.contains("tcptype passive"))
        .map(Into::into)
        .collect();
    found.sort();
    found.dedup();
    found
}

/// The first address that a description names as a candidate.
pub(super) fn first_address(sdp: &str) -> Option<SocketAddr> {
    let candidate = sdp.lines().find(|line| line.starts_with("a=candidate:"))?;
    let mut words = candidate.split(' ').skip(4);
    Some(SocketAddr::new(words.next()?.parse().ok()?, words.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answers_sources_are_found_by_section() {
        let sdp = "v=0\r\nm=audio 9 RTP 111\r\na=mid:0\r\na=ssrc:7 cname:x\r\nm=video 9 RTP 96\r\na=ssrc-group:FID 8 9\r\n\
                   a=ssrc:8 cname:x\r\na=ssrc:9 cname:x\r\na=mid:cam\r\n";
        let expected = HashMap::from([(7, "0".into()), (8, "cam".into()), (9, "cam".into())]);
        assert_eq!(sections(sdp), expected);
    }

    #[test]
    fn candidates_are_moved_and_nothing_else() {
        let sdp = "v=0\r\na=candidate:1 1 udp 2130706431 127.0.0.1 4000 typ host\r\na=mid:0\r\n";
        let to = SocketAddr::from(([127, 0, 0, 2], 5000));
        let moved = redirected(sdp, to);
        assert_eq!(moved, sdp.replace("127.0.0.1 4000", "127.0.0.2 5000"));
        assert_eq!(first_address(&moved), Some(to));
    }
}
