"""Signed networks of states in four-year windows (Doreian and Mrvar)."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Dataset, Facts, Release
from blocs.errors import BadFile
from blocs.evidence.cleaning import covered
from blocs.evidence.rows import Rows
from blocs.files import SourceFile, decode, read_bytes

# The file's abbreviations are its own: AUS is Australia (the Correlates of War's
# AUS is Austria), SWA Swaziland, UKI Ukraine, CZE Czechoslovakia.
_ACTORS = """
AFG=AFG ALB=ALB ALG=DZA ANG=AGO ANT=ATG ARG=ARG ARM=ARM AUS=AUS AUT=AUT AZE=AZE BHM=BHS BAH=BHR
BNG=BGD BAR=BRB BLR=BLR BEL=BEL BLZ=BLZ BEN=BEN BOL=BOL BOS=BIH BOT=BWA BRA=BRA BUL=BGR BKF=BFA
BUI=BDI CMB=KHM CAM=CMR CAN=CAN CVD=CPV CAF=CAF CHA=TCD CHL=CHL CHN=CHN COL=COL COM=COM CON=COG
COS=CRI CRO=HRV CUB=CUB CYP=CYP CZR=CZE CZE=CSK DRC=COD DEN=DNK DJI=DJI DMA=DMA DOM=DOM ECU=ECU
EGY=EGY ELS=SLV EQG=GNQ ERI=ERI EST=EST ETH=ETH FIN=FIN FRA=FRA GAB=GAB GAM=GMB GRG=GEO GDR=DDR
GFR=DEU GER=DEU GHA=GHA GRC=GRC GRN=GRD GUA=GTM GUI=GIN GNB=GNB GUY=GUY HAI=HTI HON=HND HUN=HUN
ICE=ISL IND=IND INS=IDN IRN=IRN IRQ=IRQ IRE=IRL ISR=ISR ITA=ITA CDI=CIV JAM=JAM JPN=JPN JOR=JOR
KZK=KAZ KEN=KEN KUW=KWT KYG=KGZ LAO=LAO LAT=LVA LEB=LBN LES=LSO LBR=LBR LYB=LBY LTN=LIE LIT=LTU
LUX=LUX MAC=MKD MAG=MDG MLW=MWI MYS=MYS MLI=MLI MLT=MLT MAA=MRT MAS=MUS MEX=MEX MOL=MDA MON=MNG
MOR=MAR MZM=MOZ MYR=MMR NAM=NAM NEP=NPL NDL=NLD NZD=NZL NIC=NIC NIG=NER NGA=NGA NKR=PRK NOR=NOR
OMN=OMN PAK=PAK PAN=PAN PNG=PNG PAR=PRY PER=PER PHL=PHL POL=POL PRG=PRT QAT=QAT RVN=XVS ROM=ROU
RUS=RUS RWA=RWA SAU=SAU SEN=SEN SLR=SLE SGP=SGP SLK=SVK SVN=SVN SOL=SLB SOM=SOM SAF=ZAF KOR=KOR
ESP=ESP SRI=LKA STK=KNA STL=LCA SVG=VCT SUD=SDN SUR=SUR SWA=SWZ SWE=SWE SWZ=CHE SYR=SYR TWN=TWN
TAJ=TJK TNZ=TZA THA=THA TGO=TGO TRI=TTO TUN=TUN TUR=TUR TKM=TKM UGA=UGA UKI=UKR UAE=ARE GBR=GBR
USA=USA URU=URY UZB=UZB VZA=VEN VTN=VNM YEM=YEM YAR=YEM YPR=YMD YUG=YUG ZAM=ZMB ZIM=ZWE
"""
_MAGIC = b"*Vertices"


def read(file: SourceFile, source_id: str) -> Facts:
    """Read a Pajek file of several relations: one edge list of +1 and -1 per window.

    Gives one spell per edge and window, kind ``signed_window``, with the window
    as type and the sign as value. Windows overlap ("46-49", "47-50"): a tie is
    told in each of them. Every vertex stands in every window, so a state
    without ties may not have existed.
    """
    lines = _lines(file)
    vertices = lines.drop_nulls("vertex").select("vertex", "name")
    edges = lines.drop_nulls("one").drop("vertex", "name")
    if vertices.is_empty() or edges.is_empty():
        raise BadFile(f"{file.path}: no vertices or no edges; is this the Pajek network file?")
    names = vertices.select("vertex", code="name")
    known = dict(pair.split("=") for pair in _ACTORS.split())
    rows = Rows(
        edges.join(names.rename({"vertex": "one", "code": "code_1"}), on="one", how="left").join(
            names.rename({"vertex": "two", "code": "code_2"}), on="two", how="left"
        ),
        source_id,
        file.name,
    ).put(sender=_actor("code_1", known), receiver=_actor("code_2", known))
    for end, column in {"sender": "code_1", "receiver": "code_2"}.items():
        rows = rows.require(pl.col(end).is_not_null(), rule="state is known", column=column)
    signed = rows.require(pl.col("sign").is_in([-1, 1]), rule="sign is 1 or -1", column="sign")
    return (
        signed.years("first", "last")
        .put(kind="signed_window", value=pl.col("sign").cast(pl.Float64), unit="sign")
        .put(type=pl.format("{}-{}", "first", "last"))
        .facts("spells", covered("signed_windows", source_id, 1946, 1999))
    )


def _lines(file: SourceFile) -> pl.DataFrame:
    text = decode(read_bytes(file.path))
    lines = pl.DataFrame({"line": text.splitlines()}).with_row_index("row", offset=1)
    line = pl.col("line")
    vertex, edge = r'^\s*(\d+)\s+"([^"]+)"', r"^\s*(\d+)\s+(\d+)\s+(\S+)\s*$"
    window = r'^\*Edges\s*:\d+\s+"(\d\d)-(\d\d)"'
    return lines.select(
        pl.col("row").cast(pl.Int64),
        line.str.extract(vertex, 1).alias("vertex"),
        line.str.extract(vertex, 2).alias("name"),
        (line.str.extract(window, 1).cast(pl.Int64) + 1900).forward_fill().alias("first"),
        (line.str.extract(window, 2).cast(pl.Int64) + 1900).forward_fill().alias("last"),
        line.str.extract(edge, 1).alias("one"),
        line.str.extract(edge, 2).alias("two"),
        line.str.extract(edge, 3).cast(pl.Int64, strict=False).alias("sign"),
    )


def _actor(column: str, known: dict[str, str]) -> pl.Expr:
    # Yugoslavia without its republics is the state that became Serbia.
    later = (pl.col(column) == "YUG") & (pl.col("first") >= 1992)
    found = pl.col(column).replace_strict(known, default=None, return_dtype=pl.String)
    return pl.when(later).then(pl.lit("SRB")).otherwise(found)


DATASET = Dataset(
    title="Signed international networks in four-year windows",
    unit="signed tie x window",
    years="1946-1999",
    publisher="Pajek data sets (V. Batagelj and A. Mrvar)",
    page="http://vlado.fmf.uni-lj.si/pub/networks/data/",
    licence="CC BY-NC-SA 2.5",
    standing=("signed_window",),
    citation=Citation(
        "Doreian, P., Mrvar, A. (2015). Structural Balance and Signed International Relations. "
        "Journal of Social Structure 16(2)"
    ),
    releases=(
        Release(
            version="2015",
            columns=frozenset(),
            shape=lambda file: file.start.startswith(_MAGIC),
            read=read,
            until=1999,
        ),
    ),
)
