// SPDX-License-Identifier: MIT
#include "evidence/asic_container.hpp"

#include <algorithm>

#include "domain/fault_code.hpp"
#include "evidence/asic_manifest.hpp"
#include "evidence/names.hpp"
#include "evidence/zip_writer.hpp"
#include "pki/digest.hpp"

namespace causeway::evidence {
namespace {

constexpr std::string_view kMimeTypeEntry = "mimetype";
constexpr std::string_view kMessageEntry = "message.xml";
constexpr std::string_view kSignatureEntry = "META-INF/signatures.xml";
constexpr std::string_view kSigResultEntry = "sig-hashchainresult.xml";
constexpr std::string_view kSigChainEntry = "sig-hashchain.xml";
constexpr std::string_view kTsResultEntry = "ts-hashchainresult.xml";
constexpr std::string_view kTsChainEntry = "ts-hashchain.xml";
constexpr std::string_view kManifestEntry = "META-INF/manifest.xml";
constexpr std::string_view kAsicManifestEntry = "META-INF/ASiCManifest.xml";
constexpr std::string_view kTimestampEntry = "META-INF/timestamp.tst";
constexpr std::string_view kAttachmentEntry = "attachment";

constexpr std::string_view kXmlType = "text/xml";
constexpr std::string_view kBinaryType = "application/octet-stream";

// X-Road itself has no limit on messages; documents have that of their readers.
constexpr std::uint64_t kMaxMessage = std::uint64_t{256} << 20;
constexpr std::uint64_t kMaxDocument = std::uint64_t{4} << 20;

std::string attachment_entry(std::size_t number) { return std::string(kAttachmentEntry) + std::to_string(number); }

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\f\v") == std::string_view::npos; }

std::string file_manifest(const AsicContents& contents) {
  FileManifest manifest{std::string(kAsicMimeType), {}};
  const auto add = [&](std::string_view path, std::string_view content) {
    if (!content.empty()) manifest.files.push_back({std::string(path), std::string(kXmlType)});
  };
  add(kMessageEntry, contents.message);
  add(kSigResultEntry, contents.signature.hash_chain_result);
  add(kSigChainEntry, contents.signature.hash_chain);
  if (contents.timestamp) {
    add(kTsResultEntry, contents.timestamp->hash_chain_result);
    add(kTsChainEntry, contents.timestamp->hash_chain);
  }
  for (std::size_t i = 1; i <= contents.attachments.size(); ++i)
    manifest.files.push_back({attachment_entry(i), std::string(kBinaryType)});
  return write_file_manifest(manifest);
}

std::string timestamp_manifest(const BatchTimestamp& timestamp) {
  constexpr auto kDigest = pki::DigestAlgorithm::sha512;
  return write_asic_manifest({std::string(kTimestampEntry),
                              {{std::string(kTsResultEntry), std::string(kXmlType), kDigest,
                                pki::digest(kDigest, as_bytes(timestamp.hash_chain_result))}}});
}

Result<void> write_attachments(ZipWriter& zip, const AsicContents& contents) {
  for (std::size_t i = 0; i < contents.attachments.size(); ++i) {
    if (auto done = zip.begin(attachment_entry(i + 1), contents.time); !done) return done;
    if (auto done = contents.attachments[i]([&](ByteView bytes) { return zip.write(bytes); }); !done) return done;
    if (auto done = zip.end(); !done) return done;
  }
  return {};
}

}  // namespace

Result<void> write_asic(const AsicContents& contents, const ByteSink& sink, std::shared_ptr<Compressor> compressor) {
  ZipWriter zip(sink, std::move(compressor));
  const BatchTimestamp none;
  const BatchTimestamp& timestamp = contents.timestamp ? *contents.timestamp : none;
  const std::string manifest = file_manifest(contents);
  const std::string asic_manifest = contents.timestamp ? timestamp_manifest(timestamp) : "";
  const std::pair<std::string_view, ByteView> entries[] = {
      {kMimeTypeEntry, as_bytes(kAsicMimeType)},
      {kMessageEntry, as_bytes(contents.message)},
      {kSignatureEntry, as_bytes(contents.signature.signature)},
      {kSigResultEntry, as_bytes(contents.signature.hash_chain_result)},
      {kSigChainEntry, as_bytes(contents.signature.hash_chain)},
      {kTsResultEntry, as_bytes(timestamp.hash_chain_result)},
      {kTsChainEntry, as_bytes(timestamp.hash_chain)},
      {kManifestEntry, as_bytes(manifest)},
      {kAsicManifestEntry, as_bytes(asic_manifest)},
      {kTimestampEntry, timestamp.token}};
  for (const auto& [name, content] : entries) {
    if (content.empty()) continue;
    if (auto done = zip.add(name, content, contents.time); !done) return done;
  }
  if (auto done = write_attachments(zip, contents); !done) return done;
  return zip.finish("mimetype=" + std::string(kAsicMimeType));
}

Result<Bytes> asic_bytes(const AsicContents& contents) {
  Bytes bytes;
  if (auto done = write_asic(contents, append_to(bytes)); !done) return std::move(done).error();
  return bytes;
}

ContentSource content_of(ByteView bytes) {
  return [bytes](const ByteSink& sink) { return sink(bytes); };
}

// Takes the entries over one by one.
class AsicContainer::Reading {
 public:
  explicit Reading(AsicContainer& container) : container_(container), zip_(container.zip_) {}

  Result<void> read() {
    const std::pair<std::string_view, std::string*> texts[] = {{kMimeTypeEntry, &mime_type_},
                                                               {kMessageEntry, &container_.message},
                                                               {kSignatureEntry, &signature_},
                                                               {kSigResultEntry, &hash_chain_result_},
                                                               {kSigChainEntry, &hash_chain_},
                                                               {kTsResultEntry, &container_.ts_hash_chain_result},
                                                               {kTsChainEntry, &container_.ts_hash_chain},
                                                               {kTimestampEntry, &timestamp_},
                                                               {kManifestEntry, &manifest_},
                                                               {kAsicManifestEntry, &asic_manifest_}};
    for (const auto& [name, text] : texts) {
      const auto* const entry = zip_.find(name);
      if (entry == nullptr) continue;
      auto content = zip_.read_all(*entry, name == kMessageEntry ? kMaxMessage : kMaxDocument);
      if (!content) return std::move(content).error();
      *text = to_text(*content);
    }
    container_.signature = {std::move(signature_), std::move(hash_chain_result_), std::move(hash_chain_)};
    for (const ZipEntry& entry : zip_.entries())
      if (std::ranges::find(texts, entry.name, [](const auto& text) { return text.first; }) == std::end(texts))
        if (auto done = read_other(entry); !done) return done;
    std::ranges::sort(container_.attachments, {},
                      [](const AsicAttachment& one) { return std::pair(one.name.size(), std::string_view(one.name)); });
    return check();
  }

 private:
  Result<void> read_other(const ZipEntry& entry) {
    if (!is_attachment("/" + entry.name)) {
      container_.others.push_back(entry.name);
      // Damage anywhere is damage of the container.
      return zip_.read(entry, [](ByteView) -> Result<void> { return {}; });
    }
    pki::Hasher hasher(pki::DigestAlgorithm::sha512);
    auto done = zip_.read(entry, [&](ByteView bytes) -> Result<void> {
      hasher.update(bytes);
      return {};
    });
    if (!done) return done;
    container_.attachments.push_back({entry.name, entry.size, hasher.finish()});
    return {};
  }

  Result<void> check() {
    if (auto good = require(mime_type_, kMimeTypeEntry, FaultCode::asic_mime_type_not_found); !good) return good;
    if (mime_type_ != kAsicMimeType)
      return fault(FaultCode::asic_invalid_mime_type, "it is not an ASiC-E container by its mimetype");
    if (auto good = require(container_.message, kMessageEntry, FaultCode::asic_message_not_found); !good) return good;
    const SignatureDocument& document = container_.signature;
    if (auto good = require(document.signature, kSignatureEntry, FaultCode::asic_signature_not_found); !good)
      return good;
    if (auto good = require_pair(document.hash_chain_result, kSigResultEntry, document.hash_chain, kSigChainEntry);
        !good)
      return good;
    if (zip_.find(kTimestampEntry) != nullptr)
      if (auto good = require(timestamp_, kTimestampEntry, FaultCode::asic_timestamp_not_found); !good) return good;
    if (auto good =
            require_pair(container_.ts_hash_chain_result, kTsResultEntry, container_.ts_hash_chain, kTsChainEntry);
        !good)
      return good;
    container_.timestamp = to_bytes(timestamp_);
    container_.time = zip_.find(kMessageEntry)->modified;
    return take_manifests();
  }

  Result<void> take_manifests() {
    const std::pair<std::string_view, std::optional<std::string>*> places[] = {
        {kManifestEntry, &container_.manifest}, {kAsicManifestEntry, &container_.asic_manifest}};
    for (const auto& [name, place] : places) {
      std::string& text = name == kManifestEntry ? manifest_ : asic_manifest_;
      if (zip_.find(name) == nullptr) continue;
      if (auto good = require(text, name, FaultCode::asic_manifest_not_found); !good) return good;
      *place = std::move(text);
    }
    return {};
  }

  static Result<void> require(std::string_view content, std::string_view name, FaultCode code) {
    if (!is_blank(content)) return {};
    return fault(code, std::string(name) + " is not in the container, or empty");
  }

  static Result<void> require_pair(std::string_view result, std::string_view result_name, std::string_view chain,
                                   std::string_view chain_name) {
    if (is_blank(result) && is_blank(chain)) return {};
    if (auto good = require(result, result_name, FaultCode::asic_hash_chain_result_not_found); !good) return good;
    return require(chain, chain_name, FaultCode::asic_hash_chain_not_found);
  }

  AsicContainer& container_;
  const ZipReader& zip_;
  std::string mime_type_, signature_, hash_chain_result_, hash_chain_, timestamp_, manifest_, asic_manifest_;
};

Result<AsicContainer> AsicContainer::read(ByteView file, const ZipLimits& limits) {
  auto zip = ZipReader::open(file, limits);
  if (!zip) return std::move(zip).error();
  AsicContainer container(*std::move(zip));
  if (auto done = Reading(container).read(); !done) return std::move(done).error();
  return container;
}

bool AsicContainer::has(std::string_view name) const {
  return zip_.find(name.starts_with('/') ? name.substr(1) : name) != nullptr;
}

Result<void> AsicContainer::read_attachment(const AsicAttachment& attachment, const ByteSink& sink) const {
  const ZipEntry* const entry = zip_.find(attachment.name);
  if (entry == nullptr) return fault(FaultCode::not_found, "no such attachment: " + attachment.name);
  return zip_.read(*entry, sink);
}

}  // namespace causeway::evidence
