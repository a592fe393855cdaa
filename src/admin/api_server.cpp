// SPDX-License-Identifier: MIT
#include "admin/api_server.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <optional>

#include "admin/common_operations.hpp"
#include "base/log.hpp"
#include "base/uuid.hpp"
#include "base/work_queue.hpp"
#include "net/handoff.hpp"

namespace causeway::admin {
namespace {

std::optional<std::string> header(const net::RequestHead& head, std::string_view name) {
  const std::string* const value = head.headers.find(name);
  return value == nullptr ? std::nullopt : std::optional(*value);
}

std::string cookie_text(std::string_view name, const std::string& value, bool readable, bool ends) {
  std::string text = std::string(name) + "=" + value + "; Path=/; Secure; SameSite=Strict";
  if (!readable) text += "; HttpOnly";
  if (ends) text += "; Max-Age=0";
  return text;
}

ApiAnswer text_answer(std::string text) {
  return {.body = std::move(text), .content_type = "application/json;charset=UTF-8"};
}

// Empty: larger than `limit`.
net::Task<Result<std::optional<std::string>>> read_body(net::BodyReader& body, std::size_t limit) {
  std::string text;
  for (;;) {
    auto piece = co_await body.read_some();
    if (!piece) co_return piece.error();
    if (piece->empty()) co_return std::optional(std::move(text));
    if (piece->size() > limit - text.size()) co_return std::optional<std::string>();
    text += as_text(*piece);
  }
}

}  // namespace

struct ApiServer::State {
  State(ApiServerOptions given, Roles its_roles, std::unique_ptr<Users> its_users,
        Pool<store::Database>::Open open_keys)
      : options(std::move(given)),
        roles(std::move(its_roles)),
        users(std::move(its_users)),
        databases(std::move(open_keys), [](store::Database& each) { return each.execute("SELECT 1").ok(); }),
        gate(options.gate, roles, keys, sessions, *users),
        rate(options.rate),
        workers(options.workers) {}

  bool host_is_allowed(const net::RequestHead& head) const {
    if (options.allowed_hostnames.empty()) return true;
    const std::string host = header(head, "Host").value_or("");
    const std::string_view name = std::string_view(host).substr(0, host.rfind(':'));
    return std::ranges::any_of(options.allowed_hostnames,
                               [&](const std::string& allowed) { return net::equals_ignoring_case(name, allowed); });
  }

  // Runs on a worker, for the coroutine that waits.
  template <class Work>
  net::Task<Outcome> on_worker(Work work) {
    const net::Handoff<Outcome> done;
    workers.push([work = std::move(work), done]() mutable {
      try {
        done.complete(work());
      } catch (const std::exception& bug) {
        log::error("admin API: {}", bug.what());
        done.complete(ApiError{.status = 500});
      }
    });
    auto outcome = co_await done.wait();
    co_return outcome ? *std::move(outcome) : Outcome(ApiError{.status = 500});
  }

  net::Task<Outcome> admitted(Knock knock, Caller& caller) {
    co_return co_await on_worker([this, knock = std::move(knock), &caller]() -> Outcome {
      auto database = databases.take();
      if (!database) {
        log::error("admin API: {}", database.error().text);
        return ApiError{.status = 500};
      }
      auto who = gate.admit(**database, knock, Sessions::Clock::now());
      if (auto* error = std::get_if<ApiError>(&who)) return std::move(*error);
      caller = std::get<Caller>(std::move(who));
      return ApiAnswer{};
    });
  }

  net::Task<Outcome> log_in(net::ServerCall& call) {
    auto body = co_await read_body(call.body(), options.largest_body);
    if (!body) co_return ApiError{.status = 400};
    if (!*body) co_return ApiError{.status = 413};
    auto form = message::QueryParameters::parse(**body);
    const std::string* const user = form ? form->find("username") : nullptr;
    const std::string* const password = form ? form->find("password") : nullptr;
    if (user == nullptr || password == nullptr) co_return ApiError{.status = 401};
    co_return co_await on_worker([this, name = *user, secret = *password, from = call.peer_address()]() -> Outcome {
      auto its_roles = users->log_in(name, secret);
      if (!its_roles) {
        log::warn("admin API: {} from {} is not logged in: {}", name, from, its_roles.error().text);
        return ApiError{.status = 401};
      }
      const Session session = sessions.begin(name, *std::move(its_roles), Sessions::Clock::now());
      ApiAnswer answer = text_answer("OK\n");
      answer.headers = {{"Set-Cookie", cookie_text(kSessionCookie, session.id, false, false)},
                        {"Set-Cookie", cookie_text(kCsrfCookie, session.csrf_token, true, false)}};
      return answer;
    });
  }

  net::Task<Outcome> log_out(net::ServerCall& call) {
    Knock knock = read_knock(call.head(), call.peer_address());
    knock.authorization.reset();  // a session ends by its own hand only
    Caller caller;
    Outcome outcome = co_await admitted(std::move(knock), caller);
    if (std::holds_alternative<ApiError>(outcome)) co_return ApiError{.status = 403};
    sessions.end(caller.session_id);
    ApiAnswer answer = text_answer("");
    answer.headers = {{"Set-Cookie", cookie_text(kSessionCookie, "", false, true)},
                      {"Set-Cookie", cookie_text(kCsrfCookie, "", true, true)}};
    co_return answer;
  }

  net::Task<Outcome> operate(net::ServerCall& call) {
    ApiRequest request;
    auto found = router.find(call.head().method, call.head().path());
    const auto* const known = std::get_if<Router::Found>(&found);
    if (known == nullptr || !known->operation->is_public) {
      Outcome entry = co_await admitted(read_knock(call.head(), call.peer_address()), request.caller);
      if (std::holds_alternative<ApiError>(entry)) co_return entry;
    }
    if (const auto* none = std::get_if<Router::NotFound>(&found)) co_return ApiError{.status = none->status};
    auto& [asked, path] = std::get<Router::Found>(found);
    const Operation* const operation = asked;
    const auto& wanted = operation->permissions;
    if (!wanted.empty() && std::ranges::none_of(wanted, [&](const auto& each) { return request.caller.may(each); })) {
      log::warn("admin API: {} may not {} {}", request.caller.name, operation->method, operation->path);
      co_return ApiError{.status = 403};
    }
    auto query = message::QueryParameters::parse(call.head().query().value_or(""));
    if (!query) co_return ApiError{.status = 400};
    auto body =
        co_await read_body(call.body(), operation->takes_upload ? options.largest_upload : options.largest_body);
    if (!body) co_return ApiError{.status = 400};
    if (!*body) co_return ApiError{.status = 413};
    request.path = std::move(path);
    request.query = *std::move(query);
    request.content_type = header(call.head(), "Content-Type").value_or("");
    request.body = **std::move(body);
    if (operation->check)
      if (auto refused = operation->check(request)) co_return *std::move(refused);
    co_return co_await on_worker([operation, request = std::move(request)] { return operation->handle(request); });
  }

  net::Task<Outcome> outcome_of(net::ServerCall& call) {
    if (!rate.admit(call.peer_address(), RequestRate::Clock::now())) co_return ApiError{.status = 429};
    if (!host_is_allowed(call.head())) co_return ApiError{.status = 400};
    const std::string_view path = call.head().path();
    const bool posted = call.head().method == "POST";
    if (path == "/login") co_return posted ? co_await log_in(call) : Outcome(ApiError{.status = 405});
    if (path == "/logout") co_return posted ? co_await log_out(call) : Outcome(ApiError{.status = 405});
    if (!is_below(path, "/api")) co_return ApiError{.status = 404};
    co_return co_await operate(call);
  }

  const ApiServerOptions options;
  const Roles roles;
  const std::unique_ptr<Users> users;
  Pool<store::Database> databases;
  ApiKeys keys{roles};
  Sessions sessions;
  Gate gate;
  RequestRate rate;
  Router router;
  WorkQueue workers;  // last: its threads use all the others
};

ApiServer::ApiServer(ApiServerOptions options, Roles roles, std::unique_ptr<Users> users,
                     Pool<store::Database>::Open keys, const std::function<void(Router&)>& add_operations)
    : state_(std::make_unique<State>(std::move(options), std::move(roles), std::move(users), std::move(keys))) {
  add_common_operations(state_->router, state_->keys, state_->databases);
  add_operations(state_->router);
}

ApiServer::~ApiServer() = default;

net::Task<void> ApiServer::serve(net::ServerCall& call) {
  Outcome outcome = co_await state_->outcome_of(call);
  if (const auto* error = std::get_if<ApiError>(&outcome))
    outcome = ApiAnswer{.status = error->status, .body = to_json(*error)};
  ApiAnswer& answer = std::get<ApiAnswer>(outcome);
  net::ResponseHead head{answer.status, {}, {}};
  if (!answer.body.empty()) head.headers.add("Content-Type", std::move(answer.content_type));
  for (auto& [name, value] : answer.headers) head.headers.add(std::move(name), std::move(value));
  head.headers.add("x-road-ui-correlation-id", random_uuid());
  head.headers.add("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate");
  head.headers.add("Content-Security-Policy", "default-src 'none'");
  head.headers.add("X-Content-Type-Options", "nosniff");
  head.headers.add("X-Frame-Options", "DENY");
  if (answer.status == 429) head.headers.add("Connection", "close");
  static_cast<void>(co_await call.respond(std::move(head), as_bytes(answer.body)));
}

}  // namespace causeway::admin
