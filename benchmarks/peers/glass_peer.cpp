// Glass (github.com/zilliztech/pyglass), through the protocol in README.md.
// g++ -O3 -march=native -std=c++20 -fopenmp -I$GLASS_SOURCE -I$GLASS_SOURCE/third_party/helpa -DCODES="SQ8U"
#include <memory>
#include "glass/hnsw/hnsw.hpp"
#include "glass/searcher/graph_searcher.hpp"
#include "peer.hpp"

#ifndef CODES
#define CODES "SQ8U"
#endif

struct Glass {
    const Rows &base, &queries;
    const int m, efc, threads;
    const char* name = "Glass " CODES;
    std::unique_ptr<glass::GraphSearcherBase> searcher;
    glass::Graph<int> graph;

    void build() {
        omp_set_num_threads(threads);
        // Its R is the degree of level 0.
        graph = glass::create_hnsw("IP", "SQ8U", 2 * m, efc)->Build(base.values.data(), base.count, base.width);
        search(std::move(graph));
    }
    void search(glass::Graph<int> from) {
        searcher = glass::create_searcher(std::move(from), "IP", CODES, "FP16");
        searcher->SetData(base.values.data(), base.count, base.width);
        searcher->SetEf(64);
        searcher->Optimize(threads);
    }
    // A searcher owns its graph and writes no file.
    void save(const std::string&) {}
    void drop() {}
    void load(const std::string&) {}
    void ready(const std::string&) {}
    void set(int ef, int by) { searcher->SetEf(ef); omp_set_num_threads(by); }
    void one(size_t query, int32_t* out) { searcher->Search(queries.at(query), K, out); }
    void all(int32_t* out) { onThreads(1, 1, [&](size_t) { for (size_t i = 0; i < queries.count; i++) one(i, out + i * K); }); }
    double evaluations() { return 0; }
};

int main(int count, char** arguments) { return run<Glass>(count, arguments); }
