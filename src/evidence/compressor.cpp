// SPDX-License-Identifier: MIT
#include "evidence/compressor.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "evidence/zip_format.hpp"

namespace causeway::evidence {
namespace {

// Each message has some texts of its own; those that are shared stay because they are used.
constexpr std::size_t kKnown = 64;

}  // namespace

class Compressor::Stream {
 public:
  explicit Stream(ZipCompression compression) {
    const int level = compression == ZipCompression::none ? Z_NO_COMPRESSION : Z_DEFAULT_COMPRESSION;
    constexpr int kMemory = 8;
    if (deflateInit2(&stream_, level, Z_DEFLATED, zip::kRawDeflate, kMemory, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::runtime_error("no memory for compression");
  }
  ~Stream() { deflateEnd(&stream_); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  void begin() { deflateReset(&stream_); }

  Result<void> feed(ByteView bytes, bool last, const ByteSink& sink) {
    // zlib counts in 32 bits.
    constexpr std::size_t kPiece = std::size_t{1} << 20;
    do {
      const ByteView piece = bytes.first(std::min(bytes.size(), kPiece));
      bytes = bytes.subspan(piece.size());
      if (auto done = run(piece, last && bytes.empty() ? Z_FINISH : Z_NO_FLUSH, sink); !done) return done;
    } while (!bytes.empty());
    return {};
  }

 private:
  Result<void> run(ByteView piece, int flush, const ByteSink& sink) {
    std::array<std::uint8_t, 16384> out;
    stream_.next_in = const_cast<std::uint8_t*>(piece.data());
    stream_.avail_in = static_cast<uInt>(piece.size());
    do {
      stream_.next_out = out.data();
      stream_.avail_out = out.size();
      deflate(&stream_, flush);
      const std::size_t made = out.size() - stream_.avail_out;
      if (made == 0) continue;
      if (auto done = sink(ByteView(out).first(made)); !done) return done;
    } while (stream_.avail_out == 0);
    return {};
  }

  z_stream stream_{};
};

Compressor::Compressor() : known_(kKnown) {}
Compressor::~Compressor() = default;

Compressor::Stream& Compressor::stream(ZipCompression compression) {
  auto& slot = compression == ZipCompression::none ? none_ : usual_;
  if (!slot) slot = std::make_unique<Stream>(compression);
  return *slot;
}

void Compressor::begin(ZipCompression compression) { stream(compression).begin(); }

Result<void> Compressor::feed(ZipCompression compression, ByteView bytes, bool last, const ByteSink& sink) {
  return stream(compression).feed(bytes, last, sink);
}

std::shared_ptr<const Compressor::Whole> Compressor::whole(ByteView content) {
  const std::string key = CacheKey().add(content).finish();
  if (auto known = known_.find(key)) return *std::move(known);
  auto made = std::make_shared<Whole>();
  made->crc = static_cast<std::uint32_t>(crc32_z(0, content.data(), content.size()));
  begin(ZipCompression::usual);
  (void)feed(ZipCompression::usual, content, true, append_to(made->octets)).ok();  // memory takes everything
  known_.put(key, made);
  return made;
}

}  // namespace causeway::evidence
