// SPDX-License-Identifier: MIT
#include "testca/server.hpp"

#include "net/coroutines.hpp"
#include "net/http_client.hpp"
#include "testca/services.hpp"
#include "unit/testca/folder.hpp"

namespace causeway::testca {
namespace {

net::Task<Result<net::HttpClient::Response>> fetch(boost::asio::io_context& context, std::string url, Bytes body) {
  const auto client = net::HttpClient::make(context);
  auto parsed = net::Url::parse(url);
  net::RequestHead head;
  head.method = "POST";
  head.headers.add("Content-Type", "application/octet-stream");
  constexpr std::size_t kMaxBody = 100000;
  co_return co_await client->fetch(*std::move(parsed), std::move(head), std::move(body), kMaxBody, nullptr, {});
}

class Server : public WithTestCa {};

TEST_F(Server, ServesAllServicesOnOnePort) {
  net::IoThreads threads(1);
  const auto server = serve(threads, *ca_, "127.0.0.1", 0);
  ASSERT_TRUE(server) << server.error().text;
  const TestCaUrls urls = urls_of("127.0.0.1", (*server)->port());
  ca_->set_ocsp_url(urls.ocsp);
  const auto post = [&](const std::string& url, Bytes body) {
    return net::block_on(threads.at(0), fetch(threads.at(0), url, std::move(body)));
  };

  const auto signed_reply = post(urls.ca + "/sign?type=sign", *pki::make_csr({.subject = subject("CN=x")}, key_));
  ASSERT_TRUE(signed_reply) << signed_reply.error().text;
  EXPECT_EQ(signed_reply->head.status, 200);
  const auto certificate = pki::Certificate::from_pem(as_text(signed_reply->body));
  ASSERT_TRUE(certificate);
  EXPECT_EQ(certificate->ocsp_urls(), std::vector<std::string>{urls.ocsp});

  const auto ocsp_reply = post(urls.ocsp, pki::make_ocsp_request(*certificate, ca_->ca()));
  ASSERT_TRUE(ocsp_reply);
  EXPECT_EQ(pki::read_ocsp_response(ocsp_reply->body)->status, pki::CertificateStatus::good);
  ASSERT_NE(ocsp_reply->head.headers.find("Content-Type"), nullptr);
  EXPECT_EQ(*ocsp_reply->head.headers.find("Content-Type"), "application/ocsp-response");

  const Bytes imprint = pki::digest(pki::DigestAlgorithm::sha512, as_bytes("x"));
  const auto stamp = post(urls.tsa, pki::make_timestamp_request(pki::DigestAlgorithm::sha512, imprint));
  ASSERT_TRUE(stamp);
  EXPECT_TRUE(pki::token_of_response(stamp->body, pki::DigestAlgorithm::sha512, imprint));

  const auto too_long = post(urls.ocsp, Bytes(kMaxServiceRequest + 1));
  ASSERT_TRUE(too_long);
  EXPECT_EQ(too_long->head.status, 413);
  (*server)->stop(100ms);
}

}  // namespace
}  // namespace causeway::testca
