// SPDX-License-Identifier: MIT
#include "evidence_kit.hpp"

#include "base/files.hpp"
#include "base/uuid.hpp"
#include "evidence/zip_reader.hpp"
#include "globalconf/view_holder.hpp"
#include "net/coroutines.hpp"
#include "securityserver/timestamping/timestamper.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::conformance {
namespace {

constexpr const char* kPlainText = "text/plain; charset=UTF-8";
constexpr std::size_t kMaxContainer = 64UL << 20;

globalconf::VerificationConfiguration given_out_configuration() {
  net::RequestHead head;
  head.method = "GET";
  head.target = "/verificationconf";
  const Answer answer = send(Country::shared().consumer_http(), nullptr, std::move(head), "");
  const testing::TemporaryDirectory folder;
  if (!write_file_atomically(folder / "conf.zip", answer.body)) throw std::runtime_error("no configuration");
  auto read = globalconf::VerificationConfiguration::read(folder / "conf.zip");
  if (!read) throw std::runtime_error(read.error().text);
  return *std::move(read);
}

}  // namespace

EvidenceKit::EvidenceKit() : id_("evidence/" + random_uuid()) {}

void EvidenceKit::SetUp() {
  Country::shared().services().answer_with([](const ServiceRequest& request) {
    if (!request.target.starts_with("/soap")) return http_answer("application/octet-stream", request.body);
    const auto from = request.body.find("<?xml");
    const auto to = request.body.find("Envelope>", from) + 9;
    return http_answer("text/xml", soap_answer(request.body.substr(from, to - from)));
  });
}

void EvidenceKit::send_rest_message(std::size_t body_size) const {
  std::string body(body_size, 'x');
  for (std::size_t i = 0; i < body_size; ++i) body[i] = static_cast<char>(i * 2654435761U >> 13);
  const Answer answer = send_rest("POST", "/r1/DEV/COM/provider/service/rest",
                                  {{"X-Road-Id", id_}, {"Content-Type", "application/octet-stream"}}, body);
  ASSERT_EQ(answer.status, 200) << answer.body.substr(0, 1000) << answer.problem;
  ASSERT_TRUE(answer.body == body);
}

void EvidenceKit::send_soap_message() const {
  const std::string soap = soap_request(Country::shared().app(), Country::shared().service(), "getState", id_);
  const std::string parts = "--BOUND\r\nContent-Type: text/xml; charset=UTF-8\r\n\r\n" + soap +
                            "\r\n--BOUND\r\nContent-Type: text/plain\r\n\r\nattached\r\n--BOUND--\r\n";
  const Answer answer = post("multipart/related; type=\"text/xml\"; boundary=BOUND", parts);
  ASSERT_EQ(answer.fault_code(), "") << answer.body << answer.problem;
}

void EvidenceKit::stamp_log() const {
  // Only what the index has is stamped; to be asked brings it up to date.
  expect_refusal(get(query("")), 500, "not been timestamped");
  Country& country = Country::shared();
  const auto server = country.consumer_directory();
  globalconf::ViewHolder view((server / "globalconf").string());
  ASSERT_TRUE(view.refresh());
  securityserver::TimestampClient client({}, [&country]() -> net::HttpClient& { return country.client(); });
  securityserver::Timestamper timestamper((server / "messagelog").string(), client);
  for (bool more = true; more;) {
    const auto round =
        net::block_on(country.threads().at(0), timestamper.run(10'000, view.current(), {country.timestamping().url()}));
    ASSERT_TRUE(round) << round.error().text;
    more = round->more;
  }
}

std::string EvidenceKit::query_of(const ClientId& owner, const std::string& flags) const {
  const auto encoded = [](const std::string& text) { return encode_identifier_part(text); };
  std::string target = "/asic?queryId=" + encoded(id_) + "&xRoadInstance=" + encoded(owner.instance()) +
                       "&memberClass=" + encoded(owner.member_class()) + "&memberCode=" + encoded(owner.member_code());
  if (owner.is_subsystem()) target += "&subsystemCode=" + encoded(owner.subsystem());
  return flags.empty() ? target : target + "&" + flags;
}

Answer EvidenceKit::get(const net::Endpoint& endpoint, const std::string& target, bool https,
                        const Identity* identity) {
  net::RequestHead head;
  head.method = "GET";
  head.target = target;
  return send(endpoint, https ? client_tls(identity) : nullptr, std::move(head), "");
}

void EvidenceKit::expect_refusal(const Answer& answer, int status, const std::string& text) {
  EXPECT_EQ(answer.status, status) << answer.body.substr(0, 1000) << answer.problem;
  ASSERT_TRUE(answer.headers.find("content-type"));
  EXPECT_EQ(*answer.headers.find("content-type"), kPlainText);
  EXPECT_EQ(answer.headers.find("content-disposition"), nullptr);
  EXPECT_NE(answer.body.find(text), std::string::npos) << answer.body;
}

void EvidenceKit::expect_file(const Answer& answer, const std::string& type, const std::string& disposition) {
  ASSERT_EQ(answer.status, 200) << answer.body.substr(0, 1000) << answer.problem;
  EXPECT_EQ(*answer.headers.find("content-type"), type);
  EXPECT_EQ(*answer.headers.find("content-disposition"), disposition);
  EXPECT_EQ(*answer.headers.find("content-length"), std::to_string(answer.body.size()));
}

evidence::ContainerReport EvidenceKit::verify(std::string_view container) {
  return evidence::verify_container(as_bytes(container), given_out_configuration().trust());
}

void EvidenceKit::expect_good(std::string_view container) {
  const auto report = verify(container);
  EXPECT_TRUE(report.good()) << report.checks.first_failure()->name << ": " << report.checks.first_failure()->text;
}

std::vector<std::pair<std::string, std::string>> EvidenceKit::containers_in(const std::string& zip) {
  std::vector<std::pair<std::string, std::string>> found;
  const auto reader = evidence::ZipReader::open(as_bytes(zip));
  EXPECT_TRUE(reader) << reader.error().text;
  if (!reader) return found;
  for (const evidence::ZipEntry& entry : reader->entries()) {
    const auto content = reader->read_all(entry, kMaxContainer);
    EXPECT_TRUE(content) << content.error().text;
    if (content) found.emplace_back(entry.name, to_text(*content));
  }
  return found;
}

}  // namespace causeway::conformance
