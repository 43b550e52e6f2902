//! What a picture of ours says about itself: that a machine made it (IPTC's digital source type, in XMP).

/// How a machine made a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A program drew it by rules.
    Drawn,
    /// A model that was trained on pictures made it.
    Model,
}

impl Origin {
    /// The term of the vocabulary.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Drawn => "algorithmicMedia",
            Self::Model => "trainedAlgorithmicMedia",
        }
    }

    /// An XMP packet (ISO 16684-1).
    pub fn xmp(self) -> String {
        let term = self.term();
        format!(
            "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\
             <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\
             <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
             <rdf:Description rdf:about=\"\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" \
             xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\" xmp:CreatorTool=\"Moodcall\" \
             Iptc4xmpExt:DigitalSourceType=\"http://cv.iptc.org/newscodes/digitalsourcetype/{term}\"/>\
             </rdf:RDF></x:xmpmeta><?xpacket end=\"r\"?>"
        )
    }

    /// The same JPEG with the packet in it, in a segment of its own (XMP, part 3). What is no JPEG stays as it is.
    pub fn mark_jpeg(self, jpeg: &[u8]) -> Vec<u8> {
        const NAMESPACE: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
        let packet = self.xmp();
        let (Some(rest), Ok(length)) =
            (jpeg.strip_prefix(&[0xff, 0xd8]), u16::try_from(2 + NAMESPACE.len() + packet.len()))
        else {
            return jpeg.to_vec();
        };
        // JFIF's own segment, where there is one, has to be the first.
        let first = match rest {
            [0xff, 0xe0, high, low, ..] => 2 + usize::from(u16::from_be_bytes([*high, *low])),
            _ => 0,
        };
        let (head, tail) = rest.split_at(first.min(rest.len()));
        let length = length.to_be_bytes();
        [&[0xff, 0xd8][..], head, &[0xff, 0xe1], &length, NAMESPACE, packet.as_bytes(), tail].concat()
    }
}
