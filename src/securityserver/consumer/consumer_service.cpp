// SPDX-License-Identifier: MIT
#include "securityserver/consumer/consumer_service.hpp"

#include "base/log.hpp"
#include "base/uuid.hpp"
#include "domain/fault_code.hpp"
#include "message/metadata.hpp"
#include "message/query_parameters.hpp"
#include "securityserver/consumer/rest_consumer.hpp"
#include "securityserver/consumer/soap_consumer.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::string_view kListClients = "/listClients";
constexpr std::string_view kPathCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/%";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// A segment that is "." or ".." once its %2e are read as dots.
bool is_hidden_dot_segment(std::string_view segment) {
  if (segment.find('%') == std::string_view::npos) return false;
  std::string plain;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    if (segment[i] == '%' && i + 2 < segment.size() && segment[i + 1] == '2' && (segment[i + 2] | 0x20) == 'e') {
      plain += '.';
      i += 2;
    } else {
      plain += segment[i];
    }
  }
  return plain == "." || plain == "..";
}

net::Task<void> refuse(net::ServerCall& call, int status, std::string_view reason) {
  log::info("{}: {} {} was refused with {}: {}", call.peer_address(), call.head().method, call.head().target, status,
            reason);
  net::ResponseHead head;
  head.status = status;
  head.headers.add("Content-Type", "text/html;charset=utf-8");
  const std::string body =
      "<html><body><h1>" + std::to_string(status) + " " + std::string(reason) + "</h1></body></html>\n";
  (void)co_await call.respond(std::move(head), as_bytes(body));
}

net::Task<void> answer_fault(net::ServerCall& call, const Fault& inner) {
  Fault outer = inner.under(kOriginClientProxy);
  outer.detail = random_uuid();
  log::info("{}: {} was refused [{}] {}: {}", call.peer_address(), call.head().target, outer.detail, outer.code,
            outer.text);
  net::ResponseHead head;
  head.headers.add("Content-Type", "text/xml;charset=utf-8");
  (void)co_await call.respond(std::move(head), as_bytes(message::soap_fault_xml(outer)));
}

}  // namespace

bool is_acceptable_path(std::string_view path) {
  if (path.find("//") != std::string_view::npos) return false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (kPathCharacters.find(path[i]) == std::string_view::npos) return false;
    if (path[i] != '%') continue;
    const int high = i + 2 < path.size() ? hex_value(path[i + 1]) : -1;
    const int low = i + 2 < path.size() ? hex_value(path[i + 2]) : -1;
    if (high < 0 || low < 0) return false;
    const int octet = high << 4 | low;
    if (octet < 0x20 || octet == 0x7f || octet == '%' || octet == '\\') return false;
  }
  while (!path.empty()) {
    const auto end = path.find('/');
    if (is_hidden_dot_segment(path.substr(0, end))) return false;
    path.remove_prefix(end == std::string_view::npos ? path.size() : end + 1);
  }
  return true;
}

net::Task<void> ConsumerService::serve(net::ServerCall& call) const {
  const auto& head = call.head();
  const std::string_view path = head.path();
  if (!is_acceptable_path(path)) {
    co_await refuse(call, 400, "Ambiguous URI");
    co_return;
  }
  if (path.starts_with("/r1/")) {
    const auto configuration = services_.configuration.current();
    RestConsumer protocol(call, configuration ? configuration->id.owner().instance() : std::string(), random_uuid());
    co_await exchange_.run(protocol, call);
  } else if (head.method == "GET" && (path == kListClients || EvidenceDownload::serves(path))) {
    co_await serve_plain(call);
  } else {
    SoapConsumer protocol(call, random_uuid(), max_soap_);
    co_await exchange_.run(protocol, call);
  }
}

net::Task<void> ConsumerService::serve_plain(net::ServerCall& call) const {
  const auto view = services_.view.current();
  Result<void> done;
  if (!view) {
    done = fault(FaultCode::global_conf_outdated, "the global configuration has not been loaded yet");
  } else if (done = view->check_valid(now()); done) {
    if (call.head().path() == kListClients)
      done = co_await list_clients(call, *view);
    else
      co_await evidence_.serve(call);
  }
  if (!done) co_await answer_fault(call, done.error());
}

net::Task<Result<void>> ConsumerService::list_clients(net::ServerCall& call, const globalconf::View& view) {
  const auto parameters = message::QueryParameters::parse(call.head().query().value_or(""));
  if (!parameters) co_return fault(FaultCode::internal_error, parameters.error().text);
  const std::string* asked = parameters->find("xRoadInstance");
  const std::string instance = asked != nullptr && !asked->empty() ? *asked : view.own_instance();
  if (!view.has_instance(instance))
    co_return fault(FaultCode::internal_error, "instance " + instance + " is not known here");
  std::vector<message::ListedClient> clients;
  for (auto& member : view.members(instance))
    clients.push_back({std::move(member.id), std::move(member.name), std::move(member.subsystem_name)});
  auto document = message::client_list(clients, call.head().headers);
  net::ResponseHead head;
  head.headers.add("Content-Type", std::move(document.content_type));
  (void)co_await call.respond(std::move(head), as_bytes(document.body));
  co_return Result<void>();
}

}  // namespace causeway::securityserver
