// SPDX-License-Identifier: MIT
// ASiC-E containers (evidence.md 4.4): one message with everything that proves it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "evidence/compressor.hpp"
#include "evidence/signature.hpp"
#include "evidence/zip_reader.hpp"

namespace causeway::evidence {

inline constexpr std::string_view kAsicMimeType = "application/vnd.etsi.asic-e+zip";

// A timestamp of many signatures at once. One of a single signature stands in that itself.
struct BatchTimestamp {
  Bytes token;                    // RFC 3161, DER
  std::string hash_chain_result;  // what the token is over
  std::string hash_chain;         // from there to this signature
};

// Delivers a content to the sink, as often as it is asked.
using ContentSource = std::function<Result<void>(const ByteSink&)>;

// What a container is made of.
struct AsicContents {
  std::string_view message;  // octets of message.xml, as they were signed
  const SignatureDocument& signature;
  const BatchTimestamp* timestamp = nullptr;  // nullptr: it is in the signature
  std::vector<ContentSource> attachments = {};
  TimePoint time;  // of the log record
};

// The same contents give the same octets. Faults of the sink and of attachments, and
// those of ZipWriter. A container without any timestamp is written, but proves nothing.
Result<void> write_asic(const AsicContents& contents, const ByteSink& sink,
                        std::shared_ptr<Compressor> compressor = std::make_shared<Compressor>());
Result<Bytes> asic_bytes(const AsicContents& contents);

// A content that lies in memory; `bytes` outlives the source.
ContentSource content_of(ByteView bytes);

struct AsicAttachment {
  std::string name;  // "attachment1"
  std::uint64_t size = 0;
  Bytes digest;  // SHA-512
};

// A container as it was read. Attachments stay in the file, which outlives this.
struct AsicContainer {
  std::string message;
  SignatureDocument signature;
  Bytes timestamp;                                     // META-INF/timestamp.tst; empty: in the signature
  std::string ts_hash_chain_result, ts_hash_chain;     // both or none
  std::optional<std::string> manifest, asic_manifest;  // as text
  std::vector<AsicAttachment> attachments;             // by number
  std::vector<std::string> others;                     // entries that are no part of the evidence
  TimePoint time{};                                    // that message.xml carries; nobody attests it

  // Only what is needed to be a container at all is looked at, in X-Road's order:
  // asic_invalid_container, asic_{mime_type,message,signature,hash_chain,
  // hash_chain_result,timestamp,manifest}_not_found, asic_invalid_mime_type.
  static Result<AsicContainer> read(ByteView file, const ZipLimits& limits = {});

  // Whether there is an entry of this name, with or without a slash in front.
  bool has(std::string_view name) const;
  Result<void> read_attachment(const AsicAttachment& attachment, const ByteSink& sink) const;

 private:
  explicit AsicContainer(ZipReader reader) : zip_(std::move(reader)) {}
  class Reading;
  ZipReader zip_;
};

}  // namespace causeway::evidence
