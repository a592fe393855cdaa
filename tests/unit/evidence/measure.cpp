// SPDX-License-Identifier: MIT
// Prints what signing and verifying cost, in microseconds of processor time. Not a test.
#include <cstdio>
#include <ctime>
#include <functional>

#include "evidence/signature_verifier.hpp"
#include "test_pki.hpp"

namespace causeway::evidence {
namespace {

void measure(const char* what, int rounds, const std::function<bool(int)>& run) {
  const std::clock_t start = std::clock();
  int failed = 0;
  for (int i = 0; i < rounds; ++i) failed += run(i) ? 0 : 1;
  const double took = 1e6 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  std::printf("%-58s %9.1f us%s\n", what, took / rounds, failed > 0 ? "  FAILED" : "");
}

void measure_all() {
  const TestMember member = TestMember::make(TestMember::KeyKind::rsa_2048);
  const auto trust = std::make_shared<TestTrust>(member.trust());
  const auto parts = SignatureTemplate::make(member.identity);
  const std::vector<MessageParts> plain{parts_of({"hello"})}, rest{parts_of({"head", "body"})};
  std::vector<MessageParts> batch;
  for (int i = 0; i < 100; ++i) batch.push_back(parts_of({"head" + std::to_string(i), "body"}));
  const auto value = *member.key.sign_digest(member.identity.algorithm, Bytes(64));
  const auto write = [&](const std::vector<MessageParts>& messages) {
    auto prepared = SignatureBatch::prepare(messages, *parts, TestMember::kNow);
    return prepared && prepared->complete(value).ok();
  };
  measure("template of an identity", 1000, [&](int) { return SignatureTemplate::make(member.identity).ok(); });
  measure("prepare + complete, one part (without RSA)", 5000, [&](int) { return write(plain); });
  measure("prepare + complete, two parts (without RSA)", 5000, [&](int) { return write(rest); });
  measure("prepare + complete, batch of 100 of two parts, in all", 500, [&](int) { return write(batch); });
  measure("RSA-2048 signature", 500,
          [&](int) { return member.key.sign_digest(member.identity.algorithm, Bytes(64)).ok(); });

  std::vector<SignatureDocument> singles;
  for (int i = 0; i < 500; ++i)
    singles.push_back(member.sign(rest, TestMember::kNow + std::chrono::milliseconds(i)).front());
  const auto document_at = [&](int i) -> const SignatureDocument& { return singles[static_cast<std::size_t>(i)]; };
  measure("verify, two parts, nothing remembered", 500, [&](int i) {
    return verify_signature(document_at(i), rest.front(), member.id, *trust, TestMember::kNow).ok();
  });
  SignatureVerifier verifier;
  measure("verify, two parts, new document of a known certificate", 500, [&](int i) {
    return verifier.verify(document_at(i), rest.front(), member.id, trust, TestMember::kNow).ok();
  });
  const auto documents = member.sign(batch);
  measure("verify, two parts, in a batch of 100, first included", 100, [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    return verifier.verify(documents[at], batch[at], member.id, trust, TestMember::kNow).ok();
  });
  measure("verify, two parts, in a batch of 100 already seen", 20'000, [&](int i) {
    const auto at = static_cast<std::size_t>(i) % batch.size();
    return verifier.verify(documents[at], batch[at], member.id, trust, TestMember::kNow).ok();
  });
  std::printf("%zu bytes of signature\n", singles.front().signature.size());
}

}  // namespace
}  // namespace causeway::evidence

int main() { causeway::evidence::measure_all(); }
