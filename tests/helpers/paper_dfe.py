"""A published file small enough for paper: two regions, three authorities, in the Department's columns."""

import csv

# Columns that stand there and are not needed are as in the real files; their order is another one.
COLUMNS = (
    *("time_period", "time_identifier", "geographic_level", "country_name", "region_name", "old_la_code"),
    *("new_la_code", "la_name", "Age", "Notknown_percent", "NEET_percent", "Cohort_DJFavg", "annualchange_NEET"),
    *("annualchange_notknown", "cohort_EHCP_percent", "NEET_NK_EHCP_percent", "cohort_SENDsupport_percent"),
    *("NEET_NK_SENDsupport_percent", "NEET_quintile"),
)
FIGURES = {
    "Cohort_DJFavg": "1000",
    "NEET_percent": "5",
    "Notknown_percent": "2",
    "annualchange_NEET": "0.5",
    "annualchange_notknown": "-1",
    "cohort_EHCP_percent": "4",
    "NEET_NK_EHCP_percent": "25",
    "cohort_SENDsupport_percent": "10",
    "NEET_NK_SENDsupport_percent": "10",
    "NEET_quintile": "3",
}


def row(level, region="", name="", code="", number="", year="2025", **figures):
    return {
        "time_period": year,
        "time_identifier": "Calendar year",
        "geographic_level": level,
        "country_name": "England",
        "region_name": region,
        "old_la_code": number,
        "new_la_code": code,
        "la_name": name,
        "Age": "16-17",
        **FIGURES,
        **figures,
    }


def england(**figures):
    return row("National", **{"Cohort_DJFavg": "4000", "NEET_percent": "4.5", **figures})


def north(**figures):
    return row("Regional", "North", **{"Cohort_DJFavg": "3000", "NEET_percent": "6", **figures})


def south(**figures):
    return row("Regional", "South", **{"Cohort_DJFavg": "1000", "NEET_percent": "3", **figures})


def alder(**figures):
    return row("Local authority", "North", "Alder", "E1", "801", **figures)


def birch(**figures):
    return row("Local authority", "North", "Birch, City of", "E2", "802", **{"Cohort_DJFavg": "2000", **figures})


def cedar(**figures):
    return row("Local authority", "South", "Cedar", "E3", "803", **{"NEET_percent": "3", **figures})


def all_rows():
    return [england(), north(), alder(), birch(), south(), cedar()]


def write(path, rows, columns=COLUMNS):
    """The rows as the Department writes them: UTF-8 with a byte-order mark."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_spending(path, amounts):
    """amounts: by code, of 2021-22 to 2024-25."""
    lines = ["la_code,la_number,la_name,region,spend_2021_22,spend_2022_23,spend_2023_24,spend_2024_25"]
    lines += [f"{code},1,{code},North,{','.join(of)}" for code, of in amounts.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
