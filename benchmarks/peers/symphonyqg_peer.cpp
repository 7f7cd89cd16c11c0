// SymphonyQG (github.com/gouyt13/SymphonyQG), through the protocol in README.md.
// g++ -Ofast -march=native -std=c++20 -fopenmp -DEIGEN_DONT_PARALLELIZE -I$SYMPHONYQG_SOURCE/symqglib
#include <memory>
#include "qg/qg.hpp"
#include "qg/qg_builder.hpp"
#include "peer.hpp"

struct SymphonyQg {
    using Index = symqg::QuantizedGraph;
    const Rows &base, &queries;
    const int m, efc, threads;
    // Its degree is a multiple of 32, and level 0 of a graph of M has 2·M links.
    const size_t degree = std::max(32, m / 32 * 32);
    const char* name = "SymphonyQG";
    std::unique_ptr<Index> index;

    std::unique_ptr<Index> empty() const { return std::make_unique<Index>(base.count, degree, base.width); }
    void build() {
        index = empty();
        symqg::QGBuilder builder(*index, efc, base.values.data(), threads);
        builder.build();
    }
    void save(const std::string& file) { index->save_index(file.c_str()); }
    void drop() { index.reset(); }
    void load(const std::string& file) { index = empty(); index->load_index(file.c_str()); }
    void ready(const std::string&) {}
    void set(int ef, int) { index->set_ef(ef); }
    void one(size_t query, int32_t* out) { index->search(queries.at(query), K, reinterpret_cast<uint32_t*>(out)); }
    // An index has the marks of one search, so all queries run on one thread.
    void all(int32_t* out) { for (size_t i = 0; i < queries.count; i++) one(i, out + i * K); }
    double evaluations() { return 0; }
};

int main(int count, char** arguments) { return run<SymphonyQg>(count, arguments); }
