// SPDX-License-Identifier: MIT
#include "ecosystem/centre/interface.hpp"

#include <fmt/format.h>

#include "base/files.hpp"
#include "base/uuid.hpp"
#include "domain/fault_code.hpp"

namespace causeway::ecosystem {
namespace {

namespace json = boost::json;

Result<json::value> parse(const std::string& text) {
  if (text.empty()) return json::value(nullptr);
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  if (error) return fault(FaultCode::internal_error, "the Central Server's answer is no JSON: " + text.substr(0, 200));
  return value;
}

// {"status": 409, "error": {"code": ...}}
Fault refusal(const std::string& what, const Reply& reply) {
  std::string code = fmt::format("status {}", reply.status);
  const auto told = parse(reply.body);
  const json::object* object = told ? told->if_object() : nullptr;
  const json::value* error = object ? object->if_contains("error") : nullptr;
  if (error && error->is_object())
    if (const json::value* named = error->get_object().if_contains("code"); named && named->is_string())
      code = named->get_string();
  return Fault{code, fmt::format("{} is refused: {}", what, reply.body.substr(0, 500))};
}

}  // namespace

Result<std::unique_ptr<CentreInterface>> CentreInterface::open(const std::filesystem::path& certificate,
                                                               std::uint16_t port, std::string key) {
  const auto text = read_file(certificate);
  if (!text) return text.error();
  const auto expected = pki::Certificate::from_pem(*text);
  if (!expected) return expected.error();
  auto check = [own = *expected](const std::vector<pki::Certificate>& shown) -> Result<void> {
    if (!shown.empty() && shown.front() == own) return {};
    return fault(FaultCode::ssl_authentication_failed, "this is not the certificate of the Central Server");
  };
  auto tls = net::TlsClientContext::make({.identity = nullptr, .suites = {}, .check = std::move(check)});
  if (!tls) return tls.error();
  return std::unique_ptr<CentreInterface>(
      new CentreInterface(fmt::format("https://127.0.0.1:{}/api/v1", port), std::move(key), *std::move(tls)));
}

Result<std::string> CentreInterface::call(const std::string& method, const std::string& path, std::string body,
                                          const std::string& content_type) {
  Call call{.url = url_ + path,
            .method = method,
            .headers = {},
            .body = std::move(body),
            .object = {},
            .tls = tls_,
            .file = {}};
  call.headers.add("Authorization", "X-Road-ApiKey token=" + key_);
  if (!call.body.empty()) call.headers.add("Content-Type", content_type);
  auto reply = caller_.call(call);
  if (!reply) return reply.error();
  if (reply->status < 200 || reply->status > 299) return refusal(method + " " + path, *reply);
  return std::move(reply->body);
}

Result<json::value> CentreInterface::ask(const std::string& method, const std::string& path, const json::value& body) {
  const auto answer = call(method, path, body.is_null() ? std::string() : json::serialize(body), "application/json");
  return answer ? parse(*answer) : answer.error();
}

Result<json::value> CentreInterface::send_form(const std::string& method, const std::string& path, const Form& form) {
  const std::string boundary = random_uuid();
  std::string body;
  for (const auto& [name, value] : form.fields)
    body += fmt::format("--{}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n", boundary, name, value);
  if (!form.file.empty())
    body += fmt::format(
        "--{}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\n"
        "Content-Type: application/octet-stream\r\n\r\n{}\r\n",
        boundary, form.file, form.file_name, form.content);
  body += fmt::format("--{}--\r\n", boundary);
  const auto answer = call(method, path, std::move(body), "multipart/form-data; boundary=" + boundary);
  return answer ? parse(*answer) : answer.error();
}

Result<std::string> CentreInterface::download(const std::string& path) { return call("GET", path, {}, {}); }

}  // namespace causeway::ecosystem
