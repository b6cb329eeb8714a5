"""污染源 sources: enterprises, their sites, and what is known of each: one file per enterprise (一企一档).

Holds      Enterprise, Source
States     –
Announces  SourcesImported
Verbs      sources:import · read
Basis      GB 32100-2015 (统一社会信用代码), HJ 608-2017 (排污单位编码)
Looks back jurisdictions
"""
