#!/usr/bin/env bash
# Makes the sample files of this folder again (README.md says with which tools). Everything in
# them is invented; the place, +12.3456+098.7654, is open sea and serves as a canary.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
place='+12.3456+098.7654/'

python3 make.py

espeak-ng -w "$work/voice.wav" 'The street lamp at the corner has been out for three days.'
ffmpeg='ffmpeg -loglevel error -y -bitexact'
$ffmpeg -i "$work/voice.wav" -t 1 -ar 8000 -map_metadata -1 voice.wav
$ffmpeg -i "$work/voice.wav" -b:a 24k -ar 22050 -map_metadata -1 voice.mp3
$ffmpeg -i "$work/voice.wav" -b:a 24k -map_metadata -1 -metadata location="$place" voice-gps.m4a
$ffmpeg -i "$work/voice.wav" -c:a libopus -b:a 16k -map_metadata -1 voice.ogg
# As a browser records: written without going back, so with segments of unknown length.
$ffmpeg -i "$work/voice.wav" -c:a libopus -b:a 16k -map_metadata -1 -metadata location="$place" \
  -f webm - | cat > voice-gps-live.webm
# Debian's ffmpeg cannot write AMR: a header and fifty 20 ms frames of "no data" (type 15).
{ printf '#!AMR\n'; for _ in $(seq 50); do printf '\x7c'; done; } > voice.amr

film="-f lavfi -i testsrc=size=160x120:rate=5:duration=2 -i $work/voice.wav -t 2 -pix_fmt yuv420p"
h264='-c:v libx264 -crf 35 -c:a aac -b:a 24k'
$ffmpeg $film $h264 -metadata location="$place" video-gps.mp4
$ffmpeg $film $h264 -metadata location="$place" -movflags +faststart video-gps-faststart.mp4
$ffmpeg $film $h264 -metadata location="$place" -movflags +frag_keyframe+empty_moov video-gps-fragmented.mp4
$ffmpeg $film $h264 -metadata location="$place" video-gps.3gp
$ffmpeg $film $h264 -metadata location="$place" video-gps.mov
$ffmpeg $film $h264 -metadata com.apple.quicktime.location.ISO6709="$place" \
  -metadata com.apple.quicktime.make=Invented -movflags +use_metadata_tags video-gps-keys.mov
$ffmpeg $film -c:v libvpx -b:v 40k -c:a libopus -b:a 16k -metadata location="$place" video-gps.webm

# A motion photo: a film with its own place hangs behind the picture.
cat photo-gps.jpg video-gps.mp4 > photo-gps-motion.jpg

# Liars: the name says one thing, the bytes another.
printf 'MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00This program cannot be run.' > liar-program.jpg
printf '<!DOCTYPE html><html><body><script>alert(1)</script></body></html>' > liar-page.png
printf '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>' > liar-drawing.webp
printf '#!/bin/sh\necho hello\n' > liar-script.mp3
