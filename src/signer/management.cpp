// SPDX-License-Identifier: MIT
#include "signer/management.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstring>
#include <filesystem>
#include <utility>

#include "domain/fault_code.hpp"
#include "signer/protocol.hpp"
#include "signer/token_json.hpp"

namespace causeway::signer {
namespace {

namespace json = boost::json;

Fault broken(std::string_view doing) {
  return fault(FaultCode::io_error, std::string(doing) + " the signer: " +
                                        (errno == EAGAIN ? "it did not answer in time" : std::strerror(errno)));
}

Fault unexpected_answer() { return fault(FaultCode::internal_error, "the signer's answer cannot be understood"); }

// A socket's path has room for some 100 characters only; by way of its directory's
// descriptor it is short always.
Result<void> connect_to(int socket, const std::string& path) {
  const std::filesystem::path whole(path);
  const std::filesystem::path parent = whole.has_parent_path() ? whole.parent_path() : ".";
  const int directory = ::open(parent.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  const std::string short_path = "/proc/self/fd/" + std::to_string(directory) + "/" + whole.filename().string();
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const bool fits = directory >= 0 && short_path.size() < sizeof address.sun_path;
  int failed = fits ? 0 : (directory < 0 ? errno : ENAMETOOLONG);
  if (fits) {
    short_path.copy(address.sun_path, short_path.size());
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) failed = errno;
  }
  if (directory >= 0) ::close(directory);
  if (failed == 0) return {};
  return fault(FaultCode::io_error, "no signer at " + path + ": " + std::strerror(failed) +
                                        "; start it with `causeway signer run --dir DIR`, or the server it belongs to");
}

Result<void> write_all(int socket, std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t count = ::send(socket, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return broken("writing to");
    octets.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Result<void> read_all(int socket, std::span<std::uint8_t> into) {
  while (!into.empty()) {
    const ssize_t count = ::recv(socket, into.data(), into.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return broken("reading from");
    if (count == 0) return fault(FaultCode::io_error, "the signer closed the connection");
    into = into.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

Result<std::pair<FrameHead, Bytes>> read_frame(int socket) {
  FrameHeadBytes bytes;
  if (auto read = read_all(socket, bytes); !read) return read.error();
  Result<FrameHead> head = decode_head(bytes, kMaxAnswerSize);
  if (!head) return head.error();
  Bytes body(head->body_size);
  if (auto read = read_all(socket, body); !read) return read.error();
  return std::pair{*head, std::move(body)};
}

Result<void> greet(int socket) {
  if (auto sent = write_all(socket, encode_hello()); !sent) return sent;
  auto answer = read_frame(socket);
  if (!answer) return answer.error();
  if (answer->first.type == FrameType::fault) return decode_fault(answer->second);
  Result<std::uint16_t> version = decode_hello(answer->second);
  if (!version) return version.error();
  if (*version != kProtocolVersion)
    return fault(FaultCode::io_error, "the signer speaks protocol version " + std::to_string(*version) +
                                          ", this program " + std::to_string(kProtocolVersion));
  return {};
}

std::string operation(std::string_view name,
                      std::initializer_list<std::pair<std::string_view, std::string_view>> texts) {
  json::object object{{"op", name}};
  for (const auto& [key, value] : texts) object[key] = value;
  return json::serialize(object);
}

Result<json::value> parse(const Result<std::string>& answer) {
  if (!answer) return answer.error();
  boost::system::error_code error;
  json::value value = json::parse(*answer, error);
  if (error) return unexpected_answer();
  return value;
}

}  // namespace

struct SignerConnection::Reply {
  FrameType type;
  Bytes body;
};

Result<SignerConnection> SignerConnection::open(const std::string& socket_path, std::chrono::milliseconds timeout) {
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return fault(FaultCode::io_error, std::string("socket: ") + std::strerror(errno));
  SignerConnection connection(socket);
  timeval limit{};
  limit.tv_sec = static_cast<time_t>(timeout.count() / 1000);
  limit.tv_usec = static_cast<suseconds_t>(timeout.count() % 1000 * 1000);
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (auto connected = connect_to(socket, socket_path); !connected) return connected.error();
  if (auto greeted = greet(socket); !greeted) return greeted.error();
  return connection;
}

SignerConnection::~SignerConnection() {
  if (socket_ >= 0) ::close(socket_);
}

SignerConnection::SignerConnection(SignerConnection&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), next_id_(other.next_id_) {}

Result<SignerConnection::Reply> SignerConnection::exchange(std::string frame) {
  if (frame.size() > kMaxRequestSize) return fault(FaultCode::invalid_request, "too long for the signer");
  const std::uint32_t id = next_id_++;
  set_frame_id(frame, id);
  if (auto sent = write_all(socket_, frame); !sent) return sent.error();
  for (;;) {
    auto answer = read_frame(socket_);
    if (!answer) return answer.error();
    auto& [head, body] = *answer;
    if (head.type == FrameType::fault && (head.id == id || head.id == 0)) return decode_fault(body);
    if (head.id == id) return Reply{head.type, std::move(body)};
  }
}

Result<std::string> SignerConnection::control(std::string_view request) {
  Result<Reply> reply = exchange(encode_frame(FrameType::control, 0, request));
  if (!reply) return reply.error();
  if (reply->type != FrameType::answer) return unexpected_answer();
  return to_text(reply->body);
}

Result<void> SignerConnection::simple(std::string_view request) {
  Result<std::string> answer = control(request);
  if (!answer) return answer.error();
  return {};
}

Result<std::vector<TokenInfo>> SignerConnection::list_tokens() {
  Result<json::value> answer = parse(control(operation("tokens", {})));
  if (!answer) return answer.error();
  const json::value* list = answer->is_object() ? answer->get_object().if_contains("tokens") : nullptr;
  if (list == nullptr) return unexpected_answer();
  return tokens_from_json(*list);
}

Result<void> SignerConnection::initialize_token(std::string_view token_id, std::string_view pin) {
  return simple(operation("init-token", {{"token", token_id}, {"pin", pin}}));
}
Result<void> SignerConnection::login(std::string_view token_id, std::string_view pin) {
  return simple(operation("login", {{"token", token_id}, {"pin", pin}}));
}
Result<void> SignerConnection::logout(std::string_view token_id) {
  return simple(operation("logout", {{"token", token_id}}));
}
Result<void> SignerConnection::change_pin(std::string_view token_id, std::string_view current,
                                          std::string_view changed) {
  return simple(operation("change-pin", {{"token", token_id}, {"pin", current}, {"new_pin", changed}}));
}
Result<void> SignerConnection::rename_token(std::string_view token_id, std::string_view name) {
  return simple(operation("rename-token", {{"token", token_id}, {"name", name}}));
}

Result<KeyInfo> SignerConnection::generate_key(const NewKeyOptions& options) {
  json::object request{
      {"op", "generate-key"}, {"token", options.token_id}, {"label", options.label}, {"rsa", options.rsa}};
  if (options.bits) request["bits"] = *options.bits;
  if (options.curve) request["curve"] = *options.curve;
  Result<json::value> answer = parse(control(json::serialize(request)));
  if (!answer) return answer.error();
  return key_from_json(*answer);
}

Result<void> SignerConnection::rename_key(std::string_view key_id, std::string_view name) {
  return simple(operation("rename-key", {{"key", key_id}, {"name", name}}));
}
Result<void> SignerConnection::delete_key(std::string_view key_id) {
  return simple(operation("delete-key", {{"key", key_id}}));
}

Result<Bytes> SignerConnection::generate_csr(const CsrOptions& options) {
  json::object request{{"op", "generate-csr"},
                       {"key", options.key_id},
                       {"usage", to_string(options.usage)},
                       {"subject", options.subject},
                       {"alternative_name", options.alternative_name},
                       {"certificate_profile", options.certificate_profile}};
  if (options.member) request["member"] = options.member->to_rest();
  Result<json::value> answer = parse(control(json::serialize(request)));
  if (!answer) return answer.error();
  const json::value* text = answer->is_object() ? answer->get_object().if_contains("request") : nullptr;
  if (text == nullptr || !text->is_string()) return unexpected_answer();
  return from_base64(text->get_string());
}

Result<void> SignerConnection::delete_csr(std::string_view request_id) {
  return simple(operation("delete-csr", {{"request", request_id}}));
}

Result<ImportedCertificate> SignerConnection::import_certificate(const CertificateImport& import) {
  json::object request{
      {"op", "import-certificate"}, {"certificate", to_base64(import.certificate.der())}, {"status", import.status}};
  if (import.activate) request["activate"] = *import.activate;
  if (import.member) request["member"] = import.member->to_rest();
  Result<json::value> answer = parse(control(json::serialize(request)));
  if (!answer) return answer.error();
  try {
    return ImportedCertificate{json::value_to<std::string>(answer->at("key")),
                               json::value_to<std::string>(answer->at("certificate")), answer->at("active").as_bool(),
                               json::value_to<std::string>(answer->at("activation_error"))};
  } catch (const std::exception&) {
    return unexpected_answer();
  }
}

Result<void> SignerConnection::activate(std::string_view certificate, bool active) {
  return simple(json::serialize(json::object{{"op", "activate"}, {"certificate", certificate}, {"active", active}}));
}
Result<void> SignerConnection::set_status(std::string_view certificate, std::string_view status) {
  return simple(operation("set-status", {{"certificate", certificate}, {"status", status}}));
}
Result<void> SignerConnection::delete_certificate(std::string_view certificate) {
  return simple(operation("delete-certificate", {{"certificate", certificate}}));
}

Result<std::vector<Bytes>> SignerConnection::sign(std::string_view key_id, pki::SignatureAlgorithm algorithm,
                                                  std::span<const Bytes> digests) {
  std::vector<Bytes> signatures;
  for (std::size_t first = 0; first < digests.size(); first += kMaxDigests) {
    const auto part = digests.subspan(first, std::min(kMaxDigests, digests.size() - first));
    Result<Reply> reply = exchange(encode_sign(0, key_id, algorithm, part));
    if (!reply) return reply.error();
    if (reply->type != FrameType::signatures) return unexpected_answer();
    Result<std::vector<Bytes>> decoded = decode_signatures(reply->body);
    if (!decoded) return decoded.error();
    if (decoded->size() != part.size()) return unexpected_answer();
    std::ranges::move(*decoded, std::back_inserter(signatures));
  }
  return signatures;
}

}  // namespace causeway::signer
