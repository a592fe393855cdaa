// SPDX-License-Identifier: MIT
#include "ecosystem/scenario/kit.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/files.hpp"
#include "base/uuid.hpp"
#include "ecosystem/samples.hpp"
#include "pki/certificate.hpp"
#include "pki/key.hpp"

namespace causeway::ecosystem {
namespace {

std::string beginning(const std::string& body) { return body.substr(0, 300); }

}  // namespace

std::string Kit::new_id(std::string_view purpose) const {
  return fmt::format("{}{}-{}", kIdPrefix, purpose, random_uuid());
}

Result<std::shared_ptr<const net::TlsClientContext>> Kit::tls(const PlannedInstance& from,
                                                              bool show_certificate) const {
  net::TlsClientOptions options;
  if (show_certificate) {
    const auto certificate_text = read_file(layout_.app_certificate(from)), key_text = read_file(layout_.app_key(from));
    if (!certificate_text) return certificate_text.error();
    if (!key_text) return key_text.error();
    auto certificate = pki::Certificate::from_pem(*certificate_text);
    if (!certificate) return certificate.error();
    auto key = pki::PrivateKey::from_pem(*key_text);
    if (!key) return key.error();
    options.identity = std::make_shared<const net::TlsIdentity>(
        net::TlsIdentity{*std::move(key), std::vector<pki::Certificate>{*std::move(certificate)}});
  }
  return net::TlsClientContext::make(std::move(options));
}

Result<Reply> Kit::rest(const PlannedInstance& from, const ClientId& client, const PlannedInstance& to,
                        const ClientId& provider, std::string_view service_code, const RestInput& input) {
  const std::string id = new_id(service_code);
  Call call{.url = (input.tls ? consumer_tls_url : consumer_url)(from.consumer, ports_) +
                   rest_path(provider, service_code) + input.path,
            .method = input.method,
            .headers = {},
            .body = input.json,
            .object = input.object,
            .tls = {}};
  call.headers.add("X-Road-Client", client.to_rest());
  call.headers.add("X-Road-Id", id);
  if (!input.json.empty()) call.headers.add("Content-Type", "application/json");
  if (input.object) call.headers.add("Content-Type", "application/octet-stream");
  if (input.tls) {
    auto context = tls(from, input.show_certificate);
    if (!context) return context.error();
    call.tls = *std::move(context);
  }
  auto reply = caller_.call(call);
  if (reply && reply->status < 300) answered_.push_back({id, &from, &to, client, provider});
  return reply;
}

Result<Reply> Kit::rest_ok(const PlannedInstance& from, const PlannedInstance& to, const ClientId& provider,
                           std::string_view service_code, const RestInput& input, int status) {
  auto reply = rest(from, input.tls ? from.secure_app : from.app, to, provider, service_code, input);
  if (reply && reply->status != status) {
    return unexpected(fmt::format("status {} instead of {}: {}", reply->status, status, beginning(reply->body)));
  }
  return reply;
}

Result<Reply> Kit::soap(const PlannedInstance& from, const PlannedInstance& to, const SoapInput& input) {
  Call call{.url = consumer_url(from.consumer, ports_) + "/",
            .method = "POST",
            .headers = {},
            .body = input.body,
            .object = {},
            .tls = {}};
  call.headers.add("Content-Type", input.content_type);
  call.headers.add("SOAPAction", "\"\"");
  auto reply = caller_.call(call);
  if (!reply) return reply;
  if (reply->status != 200 || reply->body.find("<faultstring>") != std::string::npos ||
      reply->body.find("Envelope") == std::string::npos) {
    return unexpected(fmt::format("status {}, {}", reply->status, beginning(reply->body)));
  }
  answered_.push_back({input.id, &from, &to, from.app, input.provider});
  return reply;
}

StepOutcome expect_error(const Reply& reply, std::string_view code, std::string_view reason) {
  const std::string type = json_text(reply.body, {"type"}), message = json_text(reply.body, {"message"});
  const bool as_expected = type.starts_with(code) && (type.size() == code.size() || type[code.size()] == '.');
  if (!as_expected || reply.status != 500) {
    return unexpected(fmt::format("status {} and error \"{}\" instead of {}: {}", reply.status, type, code,
                                  type.empty() ? beginning(reply.body) : message));
  }
  if (reply.header("X-Road-Error") != type) return unexpected("header X-Road-Error does not say " + type);
  if (message.find(reason) == std::string::npos) {
    return unexpected(fmt::format("the message does not say \"{}\": {}", reason, message));
  }
  return fmt::format("{}: {}", type, message);
}

std::string json_text(std::string_view body, std::initializer_list<std::string_view> path) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(body, error);
  const boost::json::value* at = error ? nullptr : &value;
  for (const std::string_view name : path) {
    at = at && at->is_object() ? at->as_object().if_contains(name) : nullptr;
  }
  if (!at) return {};
  return at->is_string() ? std::string(at->as_string()) : boost::json::serialize(*at);
}

std::string transfer_text(std::uint64_t octets, double milliseconds) {
  const double megabytes = static_cast<double>(octets) / 1e6;
  return fmt::format("{:.1f} MB in {:.2f} s ({:.0f} MB/s)", megabytes, milliseconds / 1000,
                     megabytes / (milliseconds / 1000));
}

}  // namespace causeway::ecosystem
