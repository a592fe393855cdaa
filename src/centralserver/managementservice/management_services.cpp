// SPDX-License-Identifier: MIT
#include "centralserver/managementservice/management_services.hpp"

#include <exception>
#include <optional>

#include "base/log.hpp"
#include "base/uuid.hpp"
#include "base/work_queue.hpp"
#include "centralserver/api/request_refusal.hpp"
#include "centralserver/managementservice/management_message.hpp"
#include "centralserver/managementservice/request_verification.hpp"
#include "centralserver/requests/management_requests.hpp"
#include "domain/fault_code.hpp"
#include "message/content_type.hpp"
#include "message/soap_names.hpp"
#include "net/handoff.hpp"

namespace causeway::centralserver {
namespace {

constexpr std::string_view kAuthor = "management-service";
constexpr std::string_view kXml = "text/xml;charset=UTF-8";

struct Door {
  std::string_view path;  // with and without a slash at its end
  bool registrations;     // of authentication certificates, and only these
};
constexpr Door kRegistration{"/managementservice", true};
constexpr Door kManagement{"/managementservice/manage", false};

bool leads_to(const Door& door, std::string_view path) {
  if (path.ends_with('/')) path.remove_suffix(1);
  return path == door.path;
}

bool takes(const Door& door, const std::string& content_type) {
  const auto type = message::ContentType::parse(content_type);
  if (!type) return false;
  if (type->type == "multipart/related") return true;
  return !door.registrations && type->type == "text/xml" &&
         (type->parameter("charset").empty() || net::equals_ignoring_case(type->parameter("charset"), "utf-8"));
}

// Empty: larger than `limit`.
net::Task<Result<std::optional<Bytes>>> read_body(net::BodyReader& body, std::size_t limit) {
  Bytes octets;
  for (;;) {
    auto piece = co_await body.read_some();
    if (!piece) co_return piece.error();
    if (piece->empty()) co_return std::optional(std::move(octets));
    if (piece->size() > limit - octets.size()) co_return std::optional<Bytes>();
    octets.insert(octets.end(), piece->begin(), piece->end());
  }
}

Result<std::string> answer_to(const message::SoapMessage& request, RequestType type, std::int64_t number) {
  const std::string tag = "<xroad:requestId xmlns:xroad=\"" + std::string(message::kXRoadNamespace) + "\">";
  auto answer = message::soap_response_renamed(request, std::string(service_code_of(type)) + "Response",
                                               tag + std::to_string(number) + "</xroad:requestId>");
  if (!answer) return answer.error();
  return to_text(answer->bytes);
}

net::Task<void> refuse(net::ServerCall& call, int status) {
  net::ResponseHead head{status, {}, {}};
  if (status != 403 && status != 415) head.headers.add("Connection", "close");
  static_cast<void>(co_await call.respond(std::move(head), ByteView()));
}

}  // namespace

struct ManagementServices::State {
  State(Registries& its_registries, const ManagementServicesOptions& given)
      : registries(its_registries), options(given), rate(given.rate), workers(given.workers) {}

  Result<RegistryTrust> trust() const {
    auto registry = registries.take();
    if (!registry) return fault(FaultCode::internal_error, registry.error().text);
    auto read = RegistryTrust::read(**registry);
    // As long as the instance has not begun, nobody has a global configuration.
    if (!read) return fault(FaultCode::global_conf_outdated, "Global configuration is not valid");
    return read;
  }

  // What the registry refuses is said as X-Road does: with the code and status of its admin API. What
  // cannot be answered is not stored.
  Result<std::string> added(const NewRequest& request, const message::SoapMessage& soap) const {
    auto registry = registries.take();
    if (!registry) return fault(FaultCode::internal_error, registry.error().text);
    auto change = Change::begin(**registry, std::string(kAuthor));
    if (!change) return fault(FaultCode::internal_error, change.error().text);
    auto stored = add_request(*change, request);
    if (!stored) {
      const int status = status_of_refusal(request.type, stored.error()).value_or(500);
      log::warn("management services: {} of {} is refused: {}: {}", to_string(request.type), request.server.to_string(),
                stored.error().code, stored.error().text);
      return fault(FaultCode::internal_error, stored.error().code + " with statusCode " + std::to_string(status));
    }
    auto answer = answer_to(soap, request.type, stored->number);
    if (!answer) return answer.error();
    if (auto committed = change->commit(); !committed) return fault(FaultCode::internal_error, committed.error().text);
    log::info("management services: {} of {} has number {}", to_string(request.type), request.server.to_string(),
              stored->number);
    return answer;
  }

  Result<std::string> answer(const Door& door, const std::string& content_type, ByteView body, TimePoint at) const {
    const auto trusted = trust();
    if (!trusted) return trusted.error();
    auto message = read_management_message(content_type, body);
    if (!message) return message.error();
    auto type = request_type_of_service(message->soap.header.service.code());
    if (!type) return type.error();
    if ((*type == RequestType::AUTH_CERT_REGISTRATION) != door.registrations)
      return fault(FaultCode::invalid_request, "Unsupported request type " + std::string(to_string(*type)));
    auto asked = verify_request(*message, *type, *trusted, at);
    if (!asked) return asked.error();
    return asked->dry_run ? answer_to(message->soap, *type, 0) : added(asked->request, message->soap);
  }

  net::Task<Result<std::string>> answer_on_worker(const Door& door, std::string content_type, Bytes body) {
    const net::Handoff<Result<std::string>> done;
    workers.push([this, &door, content_type = std::move(content_type), body = std::move(body), done] {
      try {
        done.complete(answer(door, content_type, body, now()));
      } catch (const std::exception& bug) {
        log::error("management services: {}", bug.what());
        done.complete(fault(FaultCode::internal_error, "the request could not be worked on"));
      }
    });
    auto answered = co_await done.wait();
    co_return answered ? *std::move(answered) : fault(FaultCode::internal_error, "the server stops");
  }

  net::Task<void> serve(net::ServerCall& call, const Door& door) {
    if (!options.callers.contains(call.peer_address())) {
      log::warn("management services: a request from {} is refused: whitelist", call.peer_address());
      co_return co_await refuse(call, 403);
    }
    if (!rate.admit(call.peer_address(), admin::RequestRate::Clock::now())) co_return co_await refuse(call, 429);
    if (!leads_to(door, call.head().path()) || call.head().method != "POST") co_return co_await refuse(call, 403);
    const std::string* const content_type = call.head().headers.find("Content-Type");
    if (content_type == nullptr || !takes(door, *content_type)) co_return co_await refuse(call, 415);
    auto body = co_await read_body(call.body(), options.largest);
    if (!body) co_return co_await refuse(call, 400);
    if (!*body) co_return co_await refuse(call, 413);
    auto answered = co_await answer_on_worker(door, *content_type, **std::move(body));
    net::ResponseHead head{answered ? 200 : 500, {}, {}};
    head.headers.add("Content-Type", std::string(kXml));
    head.headers.add("Cache-Control", "no-store");
    head.headers.add("Pragma", "no-cache");
    head.headers.add("Expires", "0");
    if (!answered) {
      Fault why = answered.error();
      why.detail = random_uuid();
      log::warn("management services: a request from {} is refused ({}): {}: {}", call.peer_address(), why.detail,
                why.code, why.text);
      answered = message::soap_fault_xml(why);
    }
    static_cast<void>(co_await call.respond(std::move(head), as_bytes(*answered)));
  }

  Registries& registries;
  const ManagementServicesOptions options;
  admin::RequestRate rate;
  WorkQueue workers;  // last: its threads use all the others
};

ManagementServices::ManagementServices(Registries& registries, ManagementServicesOptions options)
    : state_(std::make_unique<State>(registries, options)) {}
ManagementServices::~ManagementServices() = default;

net::Task<void> ManagementServices::serve_registration(net::ServerCall& call) {
  co_await state_->serve(call, kRegistration);
}

net::Task<void> ManagementServices::serve_management(net::ServerCall& call) {
  co_await state_->serve(call, kManagement);
}

}  // namespace causeway::centralserver
