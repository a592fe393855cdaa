// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/record_codec.hpp"

#include <algorithm>

#include "domain/fault_code.hpp"
#include "securityserver/messagelog/little_endian.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::size_t kLongestText = 255;  // characters, as PostgreSQL counts them
constexpr std::size_t kMostAttachments = 65536;
constexpr std::size_t kFixedMetadata = 64;  // octets of all but the texts, and a little more

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char c) { return (c & 0xc0) != 0x80; }));
}

// What X-Road keeps in columns of their own (evidence.md 4.3).
Result<void> check_lengths(const LogRecord& record) {
  const std::pair<std::string_view, std::string_view> limited[] = {{"the message id", record.query_id},
                                                                   {"x-road-request-id", record.request_id},
                                                                   {"the member class", record.owner.member_class()},
                                                                   {"the member code", record.owner.member_code()},
                                                                   {"the subsystem code", record.owner.subsystem()},
                                                                   {"the key id", record.key_id}};
  for (const auto& [what, text] : limited)
    if (characters(text) > kLongestText)
      return fault(FaultCode::logging_failed,
                   std::string(what) + " is longer than " + std::to_string(kLongestText) + " characters");
  return {};
}

std::string service_text(const std::string& provider, const std::string& code, const std::string& version) {
  std::string text;
  text.reserve(provider.size() + code.size() + version.size() + 2);
  text.append(provider).append("/").append(encode_identifier_part(code));
  if (!version.empty()) text.append("/").append(encode_identifier_part(version));
  return text;
}

}  // namespace

Result<Bytes> encode_metadata(const LogRecord& record) {
  if (auto fits = check_lengths(record); !fits) return fits.error();
  const std::string client = record.client.to_rest(), provider = record.service.client().to_rest();
  // The owner is one of the two: the local party of the exchange.
  const bool is_client = record.owner == record.client;
  const bool is_provider = record.owner == record.service.client();
  const std::string other = is_client || is_provider ? std::string() : record.owner.to_rest();
  const std::string_view texts[] = {is_client ? client : (is_provider ? provider : other),
                                    client,
                                    provider,
                                    record.service.code(),
                                    record.service.version(),
                                    record.query_id,
                                    record.request_id};
  std::size_t room = kFixedMetadata;
  for (const std::string_view text : texts) room += text.size();
  OctetWriter writer;
  writer.reserve(room);
  writer.integer(std::uint64_t{0});
  writer.integer(std::uint64_t{0});
  writer.integer(std::uint64_t{record.message.size()});
  writer.integer(std::uint64_t{record.signature.hash_chain.size()});
  writer.integer(record.attachments.empty() ? std::uint64_t{0} : record.attachments.front().size);
  writer.integer(to_unix_millis(record.time));
  writer.integer(static_cast<std::uint8_t>(record.response ? 1 : 0));
  for (const std::string_view text : texts) {
    if (text.size() > UINT16_MAX)
      return fault(FaultCode::logging_failed, "an identifier of the message is too long to be logged");
    writer.text(text);
  }
  const bool one_at_most = record.attachments.empty() || (record.attachments.size() == 1 && record.attachments[0].size);
  if (record.key_id.empty() && one_at_most) return writer.take();
  writer.text(record.key_id);
  writer.integer(static_cast<std::uint32_t>(record.attachments.size()));
  for (std::size_t i = 1; i < record.attachments.size(); ++i) writer.integer(record.attachments[i].size);
  return writer.take();
}

void set_text_offsets(Bytes& metadata, std::uint64_t signature, std::uint64_t hash_chain_result) {
  store_integer(metadata.data(), signature);
  store_integer(metadata.data() + 8, hash_chain_result);
}

Result<RecordMetadata> decode_metadata(ByteView octets) {
  OctetReader reader(octets);
  RecordMetadata metadata;
  metadata.signature_offset = reader.integer<std::uint64_t>();
  metadata.hash_chain_result_offset = reader.integer<std::uint64_t>();
  metadata.message_length = reader.integer<std::uint64_t>();
  metadata.hash_chain_length = reader.integer<std::uint64_t>();
  const auto first_attachment = reader.integer<std::uint64_t>();
  metadata.found.time = from_unix_millis(reader.integer<std::int64_t>());
  metadata.found.response = reader.integer<std::uint8_t>() != 0;
  metadata.found.owner = reader.text();
  metadata.found.client = reader.text();
  metadata.provider = reader.text();
  metadata.service_code = reader.text();
  metadata.service_version = reader.text();
  metadata.found.query_id = reader.text();
  metadata.found.request_id = reader.text();
  std::size_t attachments = first_attachment > 0 ? 1 : 0;
  if (!reader.complete()) {
    metadata.key_id = reader.text();
    attachments = std::min<std::size_t>(reader.integer<std::uint32_t>(), kMostAttachments);
  }
  for (std::size_t i = 0; i < attachments; ++i)
    metadata.attachment_lengths.push_back(i == 0 ? first_attachment : reader.integer<std::uint64_t>());
  if (!reader.complete()) return fault(FaultCode::io_error, "a record of the message log is not readable");
  metadata.found.service = service_text(metadata.provider, metadata.service_code, metadata.service_version);
  return metadata;
}

Result<LogRecord> to_log_record(const RecordMetadata& metadata, std::uint64_t id) {
  auto owner = ClientId::parse_rest(metadata.found.owner);
  auto client = ClientId::parse_rest(metadata.found.client);
  auto provider = ClientId::parse_rest(metadata.provider);
  if (!owner || !client || !provider)
    return fault(FaultCode::io_error, "a record of the message log holds a broken identifier");
  auto service = ServiceId::make(*std::move(provider), metadata.service_code, metadata.service_version);
  if (!service) return service.error();
  return LogRecord{.id = id,
                   .time = metadata.found.time,
                   .response = metadata.found.response,
                   .owner = *std::move(owner),
                   .client = *std::move(client),
                   .service = *std::move(service),
                   .query_id = metadata.found.query_id,
                   .request_id = metadata.found.request_id,
                   .message = {},
                   .signature = {},
                   .attachments = {},
                   .key_id = metadata.key_id};
}

}  // namespace causeway::securityserver
