// SPDX-License-Identifier: MIT
#include "cli/verification_output.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

namespace causeway::cli {
namespace {

namespace json = boost::json;
using evidence::Check;
using evidence::CheckState;
using evidence::ContainerReport;

std::string_view protocol_of(const evidence::MessageIdentity& message) {
  return message.protocol == evidence::MessageIdentity::Protocol::soap ? "SOAP" : "REST";
}

std::string_view kind_of(const evidence::MessageIdentity& message) { return message.response ? "response" : "request"; }

// A fact under its label; further lines under no label.
std::string fact(std::string_view label, std::string_view text) {
  return fmt::format("  {:<11} {}\n", label, printable(text));
}

std::string message_facts(const evidence::MessageIdentity& message) {
  std::string text = fact("Message", fmt::format("{} {} {}", protocol_of(message), kind_of(message), message.id));
  if (!message.subject.empty()) text += fact("", message.subject);
  text += fact("", "client   " + message.client.to_string());
  text += fact("", "service  " + message.service.to_string());
  if (message.user_id) text += fact("", "user     " + *message.user_id);
  if (message.issue) text += fact("", "issue    " + *message.issue);
  if (!message.request_id.empty()) text += fact("", "transport id " + message.request_id);
  return text;
}

std::string certificate_line(const pki::Certificate& certificate) {
  return fmt::format("{}, serial number {}, valid from {} until {}", certificate.subject_rfc2253(),
                     certificate.serial_decimal(), to_iso_seconds(certificate.not_before()),
                     to_iso_seconds(certificate.not_after()));
}

json::value text_or_null(const std::optional<std::string>& text) {
  return text ? json::value(*text) : json::value(nullptr);
}

json::value time_or_null(const std::optional<TimePoint>& time) {
  return time ? json::value(to_iso_millis(*time)) : json::value(nullptr);
}

json::value to_json(const std::optional<evidence::MessageIdentity>& message) {
  if (!message) return nullptr;
  return json::object{{"protocol", protocol_of(*message)},
                      {"kind", kind_of(*message)},
                      {"id", message->id},
                      {"request_id", message->request_id},
                      {"client", message->client.to_string()},
                      {"service", message->service.to_string()},
                      {"sender", message->sender().to_string()},
                      {"user_id", text_or_null(message->user_id)},
                      {"issue", text_or_null(message->issue)},
                      {"subject", message->subject}};
}

json::value to_json(const std::optional<pki::Certificate>& certificate) {
  if (!certificate) return nullptr;
  return json::object{{"subject", certificate->subject_rfc2253()},
                      {"issuer", certificate->issuer_rfc2253()},
                      {"serial", certificate->serial_decimal()},
                      {"not_before", to_iso_seconds(certificate->not_before())},
                      {"not_after", to_iso_seconds(certificate->not_after())},
                      {"sha256", certificate->hash_hex(pki::DigestAlgorithm::sha256)}};
}

json::value to_json(const std::optional<pki::TimestampFacts>& timestamp) {
  if (!timestamp) return nullptr;
  return json::object{{"time", to_iso_millis(timestamp->time)},
                      {"serial", timestamp->serial},
                      {"policy", timestamp->policy},
                      {"digest_algorithm", pki::digest_name(timestamp->algorithm)}};
}

json::value to_json(const std::optional<pki::OcspFacts>& ocsp) {
  if (!ocsp) return nullptr;
  return json::object{{"status", pki::to_string(ocsp->status)},
                      {"produced_at", to_iso_seconds(ocsp->produced_at)},
                      {"this_update", to_iso_seconds(ocsp->this_update)},
                      {"next_update", time_or_null(ocsp->next_update)}};
}

json::array to_json(const std::vector<evidence::AttachmentVerdict>& attachments) {
  json::array list;
  for (const evidence::AttachmentVerdict& attachment : attachments)
    list.push_back(json::object{{"name", attachment.name},
                                {"state", evidence::to_string(attachment.state)},
                                {"present", attachment.present},
                                {"size", attachment.size},
                                {"signed_digest", to_hex(attachment.signed_digest)}});
  return list;
}

json::array to_json(const evidence::Checks& checks) {
  json::array list;
  for (const Check& check : checks.all())
    list.push_back(json::object{
        {"name", check.name}, {"state", evidence::to_string(check.state)}, {"code", check.code}, {"text", check.text}});
  return list;
}

json::value fault_of(const evidence::Checks& checks) {
  const Check* const failure = checks.first_failure();
  if (failure == nullptr) return nullptr;
  return json::object{{"check", failure->name}, {"code", failure->code}, {"text", failure->text}};
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // The second set of control characters, in UTF-8.
    const bool c1 = byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    out += byte < 0x20 || byte == 0x7f || c1 ? '?' : text[i];
    if (c1) ++i;
  }
  return out;
}

std::string headline(std::string_view name, const ContainerReport& report) {
  const Check* const failure = report.checks.first_failure();
  if (failure == nullptr) return "GOOD     " + printable(name);
  return "REFUSED  " + printable(name) + ": " + printable(failure->text) + " (" + failure->code + ")";
}

std::string details(const ContainerReport& report) {
  std::string text;
  if (report.message) text += message_facts(*report.message);
  if (report.signer) {
    // Whether it is theirs is what check `signer` is about.
    if (report.good()) text += fact("Signed by", report.message->sender().member().to_string());
    text += fact(report.good() ? "" : "Signed by", certificate_line(*report.signer));
    text += fact("", "issued by " + report.signer->issuer_rfc2253());
  }
  if (report.signing_time) text += fact("Signed at", to_iso_millis(*report.signing_time) + " as the signer claims");
  if (report.timestamp)
    text += fact("Timestamp", to_iso_millis(report.timestamp->time) + ", serial number " + report.timestamp->serial);
  if (report.timestamp_authority) text += fact("", "by " + report.timestamp_authority->subject_rfc2253());
  if (report.ocsp)
    text +=
        fact("OCSP", fmt::format("{}, as of {}, produced {}", pki::to_string(report.ocsp->status),
                                 to_iso_seconds(report.ocsp->this_update), to_iso_seconds(report.ocsp->produced_at)));
  return text + details(report.checks);
}

std::string details(const evidence::Checks& checks) {
  std::string text = "  Checks\n";
  for (const Check& check : checks.all()) {
    text += fmt::format("    {:<10} {:<20} {}", evidence::to_string(check.state), printable(check.name),
                        printable(check.text));
    text += check.code.empty() ? "\n" : " (" + check.code + ")\n";
  }
  return text;
}

json::object to_json(std::string_view name, const ContainerReport& report) {
  return {{"kind", "container"},
          {"name", name},
          {"good", report.good()},
          {"fault", fault_of(report.checks)},
          {"message", to_json(report.message)},
          {"signer", to_json(report.signer)},
          {"signing_time", time_or_null(report.signing_time)},
          {"timestamp", to_json(report.timestamp)},
          {"timestamp_authority", to_json(report.timestamp_authority)},
          {"ocsp", to_json(report.ocsp)},
          {"attachments", to_json(report.attachments)},
          {"checks", to_json(report.checks)}};
}

json::object to_json(std::string_view name, const evidence::ArchiveReport& report, json::array containers) {
  return {{"kind", "archive"},
          {"name", name},
          {"good", report.good()},
          {"fault", fault_of(report.checks)},
          {"last_link", report.last_link},
          {"checks", to_json(report.checks)},
          {"containers", std::move(containers)}};
}

}  // namespace causeway::cli
