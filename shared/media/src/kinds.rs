//! The types allowed, their kinds (R-IN-3: image, voice, video, document) and sizes.

use crate::refusal::MediaRefusal;

const MIB: u64 = 1024 * 1024;

/// What the rulebook limits by: 图片、语音、视频、文档.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MediaKind {
    /// 图片.
    Image,
    /// 语音.
    Voice,
    /// 视频.
    Video,
    /// 文档.
    Document,
}

macro_rules! media_types {
    ($( $(#[$doc:meta])* $name:ident $kind:ident $content_type:literal [$($alias:literal),*]; )*) => {
        /// A type of file that may be released.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum MediaType { $( $(#[$doc])* $name, )* }

        impl MediaType {
            /// Every type.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its kind.
            pub fn kind(self) -> MediaKind {
                match self { $(Self::$name => MediaKind::$kind,)* }
            }

            /// The content type under which it is served.
            pub fn content_type(self) -> &'static str {
                match self { $(Self::$name => $content_type,)* }
            }

            /// Other content types under which clients declare it.
            fn aliases(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($alias),*],)* }
            }
        }
    };
}

media_types! {
    /// JPEG.
    Jpeg Image "image/jpeg" ["image/jpg", "image/pjpeg"];
    /// PNG.
    Png Image "image/png" ["image/apng"];
    /// WebP.
    Webp Image "image/webp" [];
    /// HEIF coded with HEVC, as iPhones write it.
    Heic Image "image/heic" ["image/heif", "image/heic-sequence"];
    /// MPEG layer III.
    Mp3 Voice "audio/mpeg" ["audio/mp3"];
    /// MPEG-4 (or 3GPP) without a video track.
    M4a Voice "audio/mp4" ["audio/x-m4a", "audio/m4a", "audio/3gpp", "video/mp4", "video/3gpp"];
    /// RIFF wave.
    Wav Voice "audio/wav" ["audio/x-wav", "audio/wave", "audio/vnd.wave"];
    /// Adaptive multi-rate, narrow or wide band.
    Amr Voice "audio/amr" ["audio/amr-wb"];
    /// Ogg with Opus or Vorbis.
    Ogg Voice "audio/ogg" ["audio/opus", "application/ogg"];
    /// WebM without a video track, as browsers record voice.
    WebmAudio Voice "audio/webm" ["video/webm"];
    /// MPEG-4.
    Mp4 Video "video/mp4" ["video/x-m4v"];
    /// QuickTime.
    Mov Video "video/quicktime" [];
    /// 3GPP.
    ThreeGp Video "video/3gpp" ["video/3gpp2"];
    /// WebM.
    Webm Video "video/webm" [];
    /// PDF.
    Pdf Document "application/pdf" ["application/x-pdf"];
    /// Word.
    Docx Document "application/vnd.openxmlformats-officedocument.wordprocessingml.document" [];
    /// Excel.
    Xlsx Document "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" [];
    /// PowerPoint.
    Pptx Document "application/vnd.openxmlformats-officedocument.presentationml.presentation" [];
}

/// Whether the content type declared for an upload fits what the bytes are. Parameters
/// (`; codecs=…`) and case do not count.
pub fn declared_matches(declared_content_type: &str, sniffed: MediaType) -> bool {
    let bare = declared_content_type.split(';').next().unwrap_or_default();
    let bare = bare.trim().to_ascii_lowercase();
    bare == sniffed.content_type() || sniffed.aliases().contains(&bare.as_str())
}

/// Largest sizes, in bytes; the rulebook's values take the place of the defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Of an image.
    pub image_bytes: u64,
    /// Of a voice recording.
    pub voice_bytes: u64,
    /// Of a video.
    pub video_bytes: u64,
    /// Of a document.
    pub document_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            image_bytes: 20 * MIB,
            voice_bytes: 50 * MIB,
            video_bytes: 500 * MIB,
            document_bytes: 50 * MIB,
        }
    }
}

impl Limits {
    /// The limit of a kind.
    pub fn max_bytes(&self, kind: MediaKind) -> u64 {
        match kind {
            MediaKind::Image => self.image_bytes,
            MediaKind::Voice => self.voice_bytes,
            MediaKind::Video => self.video_bytes,
            MediaKind::Document => self.document_bytes,
        }
    }

    /// Refuses what is larger than its kind may be.
    pub fn check(&self, kind: MediaKind, size_bytes: u64) -> Result<(), MediaRefusal> {
        let max_bytes = self.max_bytes(kind);
        if size_bytes > max_bytes {
            return Err(MediaRefusal::TooLarge { max_bytes });
        }
        Ok(())
    }
}
