// SPDX-License-Identifier: MIT
#include "evidence/zip_writer.hpp"

#include <zlib.h>

#include <algorithm>
#include <cassert>
#include <optional>
#include <string>
#include <vector>

#include "domain/fault_code.hpp"
#include "evidence/zip_format.hpp"

namespace causeway::evidence {
namespace {

using zip::put16;
using zip::put32;

constexpr std::uint16_t kVersion = 20;  // DEFLATE, directories

Fault too_large(std::string_view what) {
  return fault(FaultCode::asic_invalid_container, "too large for a ZIP file: " + std::string(what));
}

// MS-DOS date and time, from 1980 to 2107.
std::uint32_t dos_time(TimePoint time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<seconds>(time - day));
  constexpr int kFirstYear = 1980, kLastYear = 2107;
  const int year = static_cast<int>(date.year());
  if (year < kFirstYear) return 1 << 21 | 1 << 16;
  if (year > kLastYear) return 0xff9fbf7d;
  const auto month = static_cast<unsigned>(date.month()), month_day = static_cast<unsigned>(date.day());
  return static_cast<std::uint32_t>(year - kFirstYear) << 25 | month << 21 | month_day << 16 |
         static_cast<std::uint32_t>(clock.hours().count()) << 11 |
         static_cast<std::uint32_t>(clock.minutes().count()) << 5 |
         static_cast<std::uint32_t>(clock.seconds().count() / 2);
}

// The field "UT", which tells the time whatever the reader's zone; empty after 2038.
Bytes time_extra(TimePoint time) {
  const std::int64_t seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  if (seconds < 0 || seconds > INT32_MAX) return {};
  Bytes extra;
  put16(extra, zip::kTimeExtra);
  put16(extra, 5);
  extra.push_back(zip::kTimeIsModification);
  put32(extra, static_cast<std::uint64_t>(seconds));
  return extra;
}

std::uint16_t flags_of(std::string_view name) {
  const bool ascii = std::ranges::all_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return zip::kHasDescriptor | (ascii ? 0 : zip::kUtf8Name);
}

}  // namespace

struct ZipWriter::State {
  struct Entry {
    std::string name;
    std::uint32_t time = 0;
    Bytes extra;
    std::uint32_t crc = 0;
    std::uint64_t offset = 0, size = 0, compressed_size = 0;
  };

  Result<void> put(ByteView bytes) {
    written += bytes.size();
    if (written >= zip::kMaxOffset) return too_large("all entries together");
    return sink(bytes);
  }

  ByteSink compressed() {
    return [this](ByteView bytes) -> Result<void> {
      entries.back().compressed_size += bytes.size();
      return put(bytes);
    };
  }

  // Of a new entry.
  Result<void> put_head(std::string_view name, TimePoint modified);
  // Of the last one.
  Result<void> put_descriptor();
  Result<void> put_whole(std::string_view name, ByteView content, TimePoint modified);

  static void put_common(Bytes& out, const Entry& entry, bool sizes) {
    put16(out, flags_of(entry.name));
    put16(out, zip::kDeflated);
    put32(out, entry.time);
    put32(out, sizes ? entry.crc : 0);
    put32(out, sizes ? entry.compressed_size : 0);
    put32(out, sizes ? entry.size : 0);
    put16(out, entry.name.size());
    put16(out, entry.extra.size());
  }

  Result<void> put_directory(std::string_view comment) {
    const std::uint64_t start = written;
    for (const Entry& entry : entries) {
      Bytes out;
      put32(out, zip::kCentralSignature);
      put16(out, kVersion);
      put16(out, kVersion);
      put_common(out, entry, true);
      put16(out, 0);  // comment
      put16(out, 0);  // disk
      put16(out, 0);  // internal attributes
      put32(out, 0);  // external attributes
      put32(out, entry.offset);
      out.insert(out.end(), entry.name.begin(), entry.name.end());
      out.insert(out.end(), entry.extra.begin(), entry.extra.end());
      if (auto done = put(out); !done) return done;
    }
    Bytes out;
    const std::uint64_t size = written - start;
    put32(out, zip::kEndSignature);
    put16(out, 0);
    put16(out, 0);
    put16(out, entries.size());
    put16(out, entries.size());
    put32(out, size);
    put32(out, start);
    put16(out, comment.size());
    out.insert(out.end(), comment.begin(), comment.end());
    return put(out);
  }

  ByteSink sink;
  std::vector<Entry> entries;
  std::shared_ptr<Compressor> compressor;
  std::optional<ZipCompression> open;  // while an entry is
  std::uint64_t written = 0;
};

ZipWriter::ZipWriter(ByteSink sink, std::shared_ptr<Compressor> compressor) : state_(std::make_unique<State>()) {
  state_->sink = std::move(sink);
  state_->compressor = std::move(compressor);
}
ZipWriter::~ZipWriter() = default;
ZipWriter::ZipWriter(ZipWriter&&) noexcept = default;
ZipWriter& ZipWriter::operator=(ZipWriter&&) noexcept = default;

Result<void> ZipWriter::State::put_head(std::string_view name, TimePoint modified) {
  if (name.size() > UINT16_MAX) return too_large("the name of an entry");
  if (entries.size() + 1 >= zip::kMaxEntries) return too_large("the number of entries");
  Entry entry{std::string(name), dos_time(modified), time_extra(modified)};
  entry.offset = written;
  Bytes head;
  put32(head, zip::kLocalSignature);
  put16(head, kVersion);
  put_common(head, entry, false);
  head.insert(head.end(), entry.name.begin(), entry.name.end());
  head.insert(head.end(), entry.extra.begin(), entry.extra.end());
  entries.push_back(std::move(entry));
  return put(head);
}

Result<void> ZipWriter::State::put_descriptor() {
  const Entry& entry = entries.back();
  Bytes descriptor;
  put32(descriptor, zip::kDescriptorSignature);
  put32(descriptor, entry.crc);
  put32(descriptor, entry.compressed_size);
  put32(descriptor, entry.size);
  return put(descriptor);
}

Result<void> ZipWriter::begin(std::string_view name, TimePoint modified, ZipCompression compression) {
  assert(!state_->open);
  if (auto done = state_->put_head(name, modified); !done) return done;
  state_->compressor->begin(compression);
  state_->open = compression;
  return {};
}

Result<void> ZipWriter::write(ByteView bytes) {
  assert(state_->open);
  if (bytes.empty()) return {};
  State::Entry& entry = state_->entries.back();
  entry.size += bytes.size();
  if (entry.size >= zip::kMaxOffset) return too_large(entry.name);
  entry.crc = static_cast<std::uint32_t>(crc32_z(entry.crc, bytes.data(), bytes.size()));
  return state_->compressor->feed(*state_->open, bytes, false, state_->compressed());
}

Result<void> ZipWriter::end() {
  assert(state_->open);
  if (auto done = state_->compressor->feed(*state_->open, {}, true, state_->compressed()); !done) return done;
  state_->open.reset();
  return state_->put_descriptor();
}

Result<void> ZipWriter::add(std::string_view name, ByteView content, TimePoint modified, ZipCompression compression) {
  if (compression == ZipCompression::usual && content.size() <= Compressor::kWholeLimit)
    return state_->put_whole(name, content, modified);
  if (auto done = begin(name, modified, compression); !done) return done;
  if (auto done = write(content); !done) return done;
  return end();
}

Result<void> ZipWriter::State::put_whole(std::string_view name, ByteView content, TimePoint modified) {
  assert(!open);
  if (auto done = put_head(name, modified); !done) return done;
  const auto whole = compressor->whole(content);
  Entry& entry = entries.back();
  entry.size = content.size();
  entry.crc = whole->crc;
  if (auto done = compressed()(whole->octets); !done) return done;
  return put_descriptor();
}

Result<void> ZipWriter::finish(std::string_view comment) {
  assert(!state_->open && comment.size() <= UINT16_MAX);
  return state_->put_directory(comment);
}

}  // namespace causeway::evidence
