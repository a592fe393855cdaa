// SPDX-License-Identifier: MIT
#include "ecosystem/registers/service.hpp"

#include <array>
#include <atomic>
#include <boost/json.hpp>

#include "base/log.hpp"
#include "domain/fault_code.hpp"
#include "ecosystem/registers/documents.hpp"
#include "ecosystem/registers/echo.hpp"
#include "ecosystem/registers/exchange.hpp"
#include "ecosystem/registers/objects.hpp"
#include "ecosystem/registers/rest.hpp"
#include "ecosystem/registers/soap.hpp"
#include "message/soap.hpp"
#include "pki/digest.hpp"

namespace causeway::ecosystem {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kPopulation = "/population/v1";
constexpr std::string_view kBusiness = "/business/v1";
constexpr std::string_view kObjects = "/objects";
constexpr std::string_view kEcho = "/echo";
constexpr std::string_view kYaml = "application/yaml";
constexpr std::string_view kXml = "text/xml; charset=UTF-8";
constexpr std::size_t kThreads = 2;

struct Published {
  std::string_view target;  // of the description
  std::string_view path;    // of the service
  Document document;
  std::string_view content_type;
};
constexpr std::array kPublished = {
    Published{"/openapi/population.yaml", kPopulation, Document::population_openapi, kYaml},
    Published{"/openapi/business.yaml", kBusiness, Document::business_openapi, kYaml},
    Published{"/openapi/objects.yaml", kObjects, Document::objects_openapi, kYaml},
    Published{"/openapi/echo.yaml", kEcho, Document::echo_openapi, kYaml},
    Published{"/soap/population?wsdl", "/soap/population", Document::population_wsdl, kXml},
    Published{"/soap/business?wsdl", "/soap/business", Document::business_wsdl, kXml},
    Published{"/soap/echo?wsdl", "/soap/echo", Document::echo_wsdl, kXml},
};

// `path` is that of the service or below it.
bool is_below(std::string_view path, std::string_view service) {
  return path.starts_with(service) && (path.size() == service.size() || path[service.size()] == '/');
}

net::Task<void> send_object(net::ServerCall& call, std::string_view size_text) {
  const auto size = parse_object_size(size_text);
  if (!size) {
    const RestAnswer wrong = problem(400, "Not a size", size.error().text);
    co_return co_await answer_text(call, wrong.status, wrong.content_type, wrong.body);
  }
  net::ResponseHead head;
  head.headers.add("Content-Type", "application/octet-stream");
  head.headers.add("Content-Length", std::to_string(*size));
  const auto out = co_await call.respond(std::move(head));
  if (!out) co_return;
  ObjectSource source(*size);
  Bytes buffer(64 * 1024);
  while (const std::size_t count = source.fill(buffer)) {
    if (auto written = co_await (*out)->write(ByteView(buffer).first(count)); !written) co_return;
  }
  (void)(co_await (*out)->finish()).ok();
}

net::Task<void> receive_object(net::ServerCall& call) {
  pki::Hasher hasher(pki::DigestAlgorithm::sha256);
  std::uint64_t size = 0;
  for (;;) {
    const auto some = co_await call.body().read_some();
    if (!some) co_return call.abort();
    if (some->empty()) break;
    hasher.update(*some);
    size += some->size();
  }
  const boost::json::object body{{"size", size}, {"sha256", to_hex(hasher.finish())}};
  co_await answer_text(call, 200, "application/json", boost::json::serialize(body) + "\n");
}

net::Task<void> serve_objects(net::ServerCall& call) {
  const std::string& method = call.head().method;
  if (method == "GET") {
    std::string_view size = call.head().path().substr(kObjects.size());
    if (size.starts_with('/')) size.remove_prefix(1);
    co_return co_await send_object(call, size);
  }
  if (method == "POST" || method == "PUT") co_return co_await receive_object(call);
  const RestAnswer wrong = problem(405, "Method not allowed", "Only GET, POST and PUT are.");
  co_await answer_text(call, wrong.status, wrong.content_type, wrong.body);
}

using RestService = RestAnswer (*)(Registers&, const RestCall&);
using SoapService = Result<Bytes> (*)(Registers&, const message::SoapMessage&);

net::Task<void> serve_rest(net::ServerCall& call, Registers& registers, std::string_view prefix, RestService service) {
  auto body = co_await read_body(call);
  RestAnswer answer;
  if (body) {
    const RestCall asked = rest_call_from_http(call.head(), prefix, to_text(*body));
    answer = service(registers, asked);
  } else {
    answer = problem(413, "Too long", body.error().text);
  }
  net::ResponseHead head{.status = answer.status, .reason = {}, .headers = {}};
  head.headers.add("Content-Type", answer.content_type);
  if (!answer.allow.empty()) head.headers.add("Allow", answer.allow);
  (void)(co_await call.respond(std::move(head), as_bytes(answer.body))).ok();
}

net::Task<void> serve_soap(net::ServerCall& call, Registers& registers, SoapService service) {
  auto body = co_await read_body(call);
  if (!body) co_return co_await answer_soap_fault(call, body.error());
  auto parsed = message::parse_soap(*std::move(body), content_type_of(call.head()));
  if (!parsed) co_return co_await answer_soap_fault(call, parsed.error());
  const auto* request = std::get_if<message::SoapMessage>(&*parsed);
  if (!request) co_return co_await answer_soap_fault(call, fault(FaultCode::bad_request, "a Fault is no request"));
  const auto answer = service(registers, *request);
  if (!answer) co_return co_await answer_soap_fault(call, answer.error());
  co_await answer_text(call, 200, std::string(kXml), to_text(*answer));
}

}  // namespace

struct RegisterService::State {
  Registers registers;
  std::string address;
  // Known once the server listens, which is when the first call may come.
  std::atomic<std::uint16_t> port = 0;
  // Last: its calls use the others.
  std::unique_ptr<net::HttpServer> server = nullptr;

  State(Registers opened, std::string listen) : registers(std::move(opened)), address(std::move(listen)) {}

  std::string base() const { return "http://" + address + ":" + std::to_string(port.load()); }

  net::Task<void> serve(net::ServerCall& call) {
    const net::RequestHead& head = call.head();
    const std::string_view path = head.path();
    for (const Published& published : kPublished) {
      if (head.method != "GET" || head.target != published.target) continue;
      const std::string text = document(published.document, base() + std::string(published.path));
      co_return co_await answer_text(call, 200, std::string(published.content_type), text);
    }
    if (is_below(path, kPopulation)) co_return co_await serve_rest(call, registers, kPopulation, population_rest);
    if (is_below(path, kBusiness)) co_return co_await serve_rest(call, registers, kBusiness, business_rest);
    if (is_below(path, kObjects)) co_return co_await serve_objects(call);
    if (is_below(path, kEcho)) co_return co_await serve_rest_echo(call, path.substr(kEcho.size()));
    if (head.method == "POST") {
      if (path == "/soap/population") co_return co_await serve_soap(call, registers, population_soap);
      if (path == "/soap/business") co_return co_await serve_soap(call, registers, business_soap);
      if (path == "/soap/echo") co_return co_await serve_soap_echo(call);
    }
    co_await serve_index(call);
  }

  net::Task<void> serve_index(net::ServerCall& call) {
    const bool asked = call.head().path() == "/";
    std::string text = asked ? "Sample registers. Services and their descriptions:\n" : "Nothing here. Services:\n";
    for (const Published& published : kPublished) {
      text += base() + std::string(published.path) + "  " + base() + std::string(published.target) + "\n";
    }
    co_await answer_text(call, asked ? 200 : 404, "text/plain; charset=UTF-8", std::move(text));
  }
};

RegisterService::RegisterService(std::unique_ptr<State> state) : state_(std::move(state)) {}
RegisterService::~RegisterService() { state_->server->stop(1s); }
std::uint16_t RegisterService::port() const { return state_->server->port(); }

Result<std::unique_ptr<RegisterService>> RegisterService::start(net::IoThreads& threads,
                                                                const RegistersOptions& options) {
  auto registers = open_registers(options.directory, options.country, options.sizes);
  if (!registers) return registers.error();
  auto state = std::make_unique<State>(*std::move(registers), options.address);
  state->port = options.port;
  State& serving = *state;
  auto server =
      net::HttpServer::start(threads, {.address = options.address, .port = options.port, .tls = nullptr, .limits = {}},
                             [&serving](net::ServerCall& call) { return serving.serve(call); });
  if (!server) return server.error();
  state->port = (*server)->port();
  state->server = *std::move(server);
  return std::unique_ptr<RegisterService>(new RegisterService(std::move(state)));
}

Result<void> run_registers(const RegistersOptions& options) {
  net::IoThreads threads(kThreads);
  const auto service = RegisterService::start(threads, options);
  if (!service) return service.error();
  log::info("registers of {} on http://{}:{}/", country_code(options.country), options.address, (*service)->port());
  threads.run_until_signal();
  return {};
}

}  // namespace causeway::ecosystem
